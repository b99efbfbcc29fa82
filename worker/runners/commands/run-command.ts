import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import { MAX_RESULT_BYTES } from "@autoscaling-job-queues/domain/limits";
import { handlerFailure } from "../handler-failure.ts";
import type { Run, RunOutcome } from "../runner.ts";
import { storeFiles } from "./files.ts";
import { type CommandExit, commandFailure } from "./outcome.ts";
import type { CommandProcesses } from "./processes.ts";
import { commandResult } from "./result.ts";
import { readStandardError } from "./standard-error.ts";
import { readStandardOutput } from "./standard-output.ts";

/** A command that was started. */
export interface StartedCommand {
  readonly child: ChildProcessWithoutNullStreams;
  readonly processes: CommandProcesses;
  /** The folder `JOB_FILES`. */
  readonly files: string;
}

/** How long the outputs may stay open once no process of the command is left that is known, in milliseconds. */
const OUTPUT_MS = 5_000;

/**
 * Follows a command from its input to its result. An abort is SIGTERM to its process group; what it started is ended with it, or
 * at the kill.
 */
export async function runCommand(run: Run, command: StartedCommand, input: string): Promise<RunOutcome> {
  const { child, processes } = command;
  const { stdin, stdout, stderr } = child;
  const terminate = (): void => processes.signal("SIGTERM");
  const killed = Promise.withResolvers<never>();
  const kill = (): void =>
    killed.reject(new JobQueueError("HandlerIgnoredAbort", "the command did not stop within its grace, and was killed"));
  run.signal.addEventListener("abort", terminate, { once: true });
  run.kill.addEventListener("abort", kill, { once: true });
  // Either may have been aborted before there was a command.
  if (run.signal.aborted) terminate();
  if (run.kill.aborted) kill();
  // A command may end without reading its input.
  stdin.on("error", () => {});
  stdin.end(input);
  try {
    return await Promise.race([outcomeOf(run, command), killed.promise]);
  } catch (error) {
    return handlerFailure(error);
  } finally {
    stdout.destroy();
    stderr.destroy();
    run.signal.removeEventListener("abort", terminate);
    run.kill.removeEventListener("abort", kill);
  }
}

async function outcomeOf(run: Run, { child, processes, files }: StartedCommand): Promise<RunOutcome> {
  const { stdout, stderr } = child;
  const exited = new Promise<CommandExit>((resolve) => {
    child.once("exit", (code, signal) => resolve(code ?? (signal as NodeJS.Signals)));
  });
  const read = Promise.all([
    readStandardOutput(stdout, MAX_RESULT_BYTES, () => void processes.end()),
    readStandardError(stderr, run),
  ]);
  const exit = await exited;
  // From now on no process holds the outputs open, or changes a file.
  await processes.end();
  const giveUp = setTimeout(() => {
    stdout.destroy();
    stderr.destroy();
  }, OUTPUT_MS);
  const [output, said] = await read;
  clearTimeout(giveUp);
  const failed = commandFailure(exit, output, said);
  if (failed !== undefined || output.kind !== "text") return failed as RunOutcome;
  return await commandResult(output.text, await storeFiles(run, files));
}
