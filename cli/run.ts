import { JobsClient } from "@autoscaling-job-queues/client/jobs-client";
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
  stdout.on("error", (error) => {
    if (isBrokenPipe(error)) surroundings.exit(EXIT.done);
  });
  const call = readCommandLine(VERBS, args, VERSION, { stdout, stderr });
  if (typeof call === "number") return call;
  const { verb, args: values, options } = call;
  const out = new Output({ stdout, stderr, json: options.json === true });
  const signal = interrupted(surroundings);
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
    const { message, exitCode } = signal.aborted ? { message: "stopped", exitCode: EXIT.interrupted } : failureOf(error, url);
    if (message !== undefined) stderr.write(`${styled("red", `${PROGRAM}: ${visible(message)}`, stderr)}\n`);
    return exitCode;
  }
}

/** Aborted by Ctrl-C; a second one ends the process at once. */
function interrupted({ on, exit }: Surroundings): AbortSignal {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) exit(EXIT.interrupted);
    controller.abort();
  };
  on.call(process, "SIGINT", interrupt);
  on.call(process, "SIGTERM", interrupt);
  return controller.signal;
}
