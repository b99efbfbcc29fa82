import { JobsClient } from "@autoscaling-job-queues/client/jobs-client";
import { CliError } from "./cli-error.ts";
import { connect } from "./connect.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { failureOf, isBrokenPipe } from "./failure.ts";
import { parseWithText } from "./output/json.ts";
import { Output } from "./output/output.ts";
import { styled } from "./output/style.ts";
import { visible } from "./output/visible.ts";
import { PROGRAM, readCommandLine } from "./program.ts";
import type { Cli } from "./verb.ts";
import { VERBS } from "./verbs.ts";
import { VERSION } from "./version.ts";

type Surroundings = Pick<NodeJS.Process, "stdin" | "stdout" | "stderr" | "env" | "on" | "exit">;

/** Runs a command line, and tells how to end. */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { stdin, stdout, stderr, env } = surroundings as Surroundings & { stdin: NodeJS.ReadStream };
  const stop = new AbortController();
  // Nobody reads results any more: what is under way ends, and nothing else begins.
  stdout.on("error", (error) => {
    if (!isBrokenPipe(error)) throw error;
    stop.abort(error);
  });
  // Notes that nobody reads are no reason to stop.
  stderr.on("error", (error) => {
    if (!isBrokenPipe(error)) throw error;
  });
  const call = readCommandLine(VERBS, args, VERSION, { stdout, stderr });
  if (typeof call === "number") return call;
  const { verb, args: values, options } = call;
  const out = new Output({ stdout, stderr, json: options.json === true });
  const { signal } = stop;
  abortAtInterrupts(stop, surroundings);
  let url: string | undefined;
  const connection: Cli["connection"] = async () => {
    const connected = connect(options.api, env);
    url = connected.url;
    return connected;
  };
  const client: Cli["client"] = async () => new JobsClient({ ...(await connection()).settings, parse: parseWithText });
  try {
    return await verb.run({ connection, client, out, signal, stdin, env, api: options.api }, values, options as never);
  } catch (error) {
    const { message, exitCode } = isInterrupted(signal)
      ? { message: "stopped", exitCode: EXIT.interrupted }
      : failureOf(signal.aborted && !(error instanceof CliError) ? signal.reason : error, url);
    if (message !== undefined) stderr.write(`${styled("red", `${PROGRAM}: ${visible(message)}`, stderr)}\n`);
    return exitCode;
  }
}

/** Ctrl-C stops; a second one ends the process at once. */
function abortAtInterrupts(stop: AbortController, { on, exit }: Surroundings): void {
  const interrupt = (): void => {
    if (stop.signal.aborted) exit(EXIT.interrupted);
    stop.abort();
  };
  on.call(process, "SIGINT", interrupt);
  on.call(process, "SIGTERM", interrupt);
}

/** Whether it was stopped by a signal rather than by the end of a pipe. */
function isInterrupted({ aborted, reason }: AbortSignal): boolean {
  return aborted && !isBrokenPipe(reason);
}
