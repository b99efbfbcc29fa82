import { MAX_MESSAGE_CHARACTERS, MAX_RESULT_BYTES } from "@autoscaling-job-queues/domain/limits";
import { failure } from "../handler-failure.ts";
import type { RunOutcome } from "../runner.ts";
import type { CommandOutput } from "./standard-output.ts";

/** Exit code, or the signal that ended it. */
export type CommandExit = number | NodeJS.Signals;

/** `EX_DATAERR` of sysexits.h: the input is wrong, another attempt cannot help. */
const EXIT_PERMANENT = 65;
/** How a command ends that the kernel killed when memory ran out: itself, or as a shell reports it of its child. */
const OUT_OF_MEMORY: readonly CommandExit[] = ["SIGKILL", 128 + 9];

/** Why a command that has ended, and was not killed by its worker, has no result; undefined where it has. @param said its last lines. */
export function commandFailure(
  exit: CommandExit,
  output: CommandOutput,
  said: readonly string[],
): Extract<RunOutcome, { kind: "failed" }> | undefined {
  if (output.kind === "tooLarge") {
    const message = `the command wrote more than ${MAX_RESULT_BYTES} bytes of result. Write a file to $JOB_FILES instead`;
    return failure("ResultTooLarge", message, true);
  }
  if (exit !== 0) return failure("CommandFailed", failureMessage(exit, said), exit === EXIT_PERMANENT);
  if (output.kind === "text") return undefined;
  const place = `byte 0x${output.byte.toString(16).padStart(2, "0")} at offset ${output.offset}`;
  const message = `the command's standard output is not UTF-8: ${place}. Write UTF-8, or put other bytes into a file in $JOB_FILES`;
  return failure("ResultNotUtf8", message, true);
}

/** How the command ended, and of its last lines as many as fit a job's error: the last one tells most. */
function failureMessage(exit: CommandExit, lines: readonly string[]): string {
  const hint = OUT_OF_MEMORY.includes(exit) ? ", as when the container is out of memory (container.memoryMiB)" : "";
  const how = `the command ended with ${typeof exit === "number" ? "exit code " : ""}${exit}${hint}`;
  let room = MAX_MESSAGE_CHARACTERS - how.length;
  const said: string[] = [];
  for (const line of lines.toReversed()) {
    room -= line.length + 1;
    if (room < 0 && said.length > 0) break;
    said.unshift(line);
  }
  return said.length === 0 ? how : `${how}:\n${said.join("\n")}`;
}
