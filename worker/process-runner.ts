import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { MAX_MESSAGE_CHARACTERS, MAX_RESULT_BYTES } from "@autoscaling-job-queues/domain/limits";
import { removeFiles, storeFiles } from "./command-files.ts";
import { commandResult } from "./command-result.ts";
import { failure, handlerFailure } from "./handler-failure.ts";
import { handlerInput } from "./handler-input.ts";
import type { Run, Runner, RunOutcome } from "./runner.ts";
import { readStandardError } from "./standard-error.ts";
import { type CommandOutput, readStandardOutput } from "./standard-output.ts";

/** `EX_DATAERR` of sysexits.h: the input is wrong, another attempt cannot help. */
const EXIT_PERMANENT = 65;

export interface ProcessRunnerSettings {
  readonly command: readonly [string, ...string[]];
  /** The working directory: the job's `bin` folder. */
  readonly directory: string;
  /** Its schema parses the input. */
  readonly jobType: Pick<JobType, "input">;
}

/**
 * Runs a command in any language for each job. The input is JSON on standard input, the result JSON on standard output.
 * Lines `progress <fraction> <message>` on standard error are progress, all others are logged. Exit code 0 is success, 65
 * fails the job for good, any other fails the attempt. `JOB_FILES` names a folder whose files are stored and listed as
 * `files` in the result. An abort is SIGTERM, a kill SIGKILL, both to the whole process group.
 */
export function processRunner({ command: [program, ...args], directory, jobType }: ProcessRunnerSettings): Runner {
  return {
    run: async (run) => {
      let files: string;
      try {
        files = await mkdtemp(path.join(tmpdir(), "job-"));
      } catch (error) {
        return failure("NoFilesFolder", `no folder for the command's files could be made: ${(error as Error).message}`);
      }
      try {
        const input = JSON.stringify(await handlerInput(jobType, run.input));
        const child = spawn(program, args, {
          cwd: directory,
          detached: true,
          stdio: ["pipe", "pipe", "pipe"],
          env: commandEnvironment({ JOB_ID: run.id, JOB_TYPE: run.type, JOB_ATTEMPT: String(run.attempt), JOB_FILES: files }),
        });
        return await finish(run, child, input, files);
      } catch (error) {
        // The input misses the schema, no JSON can be made of it, or the system starts no process.
        return handlerFailure(error);
      } finally {
        await removeFiles(run, files);
      }
    },
    close: async () => {},
  };
}

/** The command gets no AWS credentials or settings of the worker: it needs none, and might log them. */
function commandEnvironment(own: Record<string, string>): NodeJS.ProcessEnv {
  const kept = ["PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ"].flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]]],
  );
  return { ...Object.fromEntries(kept), ...own };
}

async function finish(run: Run, child: ChildProcessWithoutNullStreams, input: string, files: string): Promise<RunOutcome> {
  const { stdin, stdout, stderr } = child;
  const exit = new Promise<number | string>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? signal ?? "unknown"));
  });
  const signalGroup = (signal: NodeJS.Signals) => (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // It has just ended.
    }
  };
  const terminate = signalGroup("SIGTERM");
  const killGroup = signalGroup("SIGKILL");
  const killed = Promise.withResolvers<never>();
  const kill = (): void => {
    killGroup();
    killed.reject(new Error("the command did not stop within its grace, and was killed"));
  };
  run.signal.addEventListener("abort", terminate, { once: true });
  run.kill.addEventListener("abort", kill, { once: true });
  // Either may have been aborted before there was a command.
  if (run.signal.aborted) terminate();
  if (run.kill.aborted) kill();
  // What the command left running in its group ends with it, and no longer holds its outputs open.
  child.once("exit", killGroup);
  // A command may end without reading its input.
  stdin.on("error", () => {});
  stdin.end(input);
  try {
    const ended = Promise.all([readStandardOutput(stdout, MAX_RESULT_BYTES, killGroup), readStandardError(stderr, run), exit]);
    const [output, errorLines, code] = await Promise.race([ended, killed.promise]);
    if (output.kind === "tooLarge") return outputFailure(output);
    if (code !== 0) return failure("CommandFailed", failureMessage(code, errorLines), code === EXIT_PERMANENT);
    if (output.kind === "notUtf8") return outputFailure(output);
    // A file that is under way at the kill is in memory, and its call ends by its own deadline.
    const stored = await Promise.race([storeFiles(run, files), killed.promise]);
    return await Promise.race([commandResult(output.text, stored), killed.promise]);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (run.kill.aborted) return failure("HandlerIgnoredAbort", message);
    if (child.pid === undefined)
      return failure(code === "ENOENT" ? "CommandNotFound" : "CommandFailed", message, code === "ENOENT");
    return handlerFailure(error);
  } finally {
    killGroup();
    // A process that left the group may hold the outputs open for as long as it likes.
    stdout.destroy();
    stderr.destroy();
    run.signal.removeEventListener("abort", terminate);
    run.kill.removeEventListener("abort", kill);
  }
}

/** How the command ended, and of its last lines as many as fit a job's error: the last is the one that tells most. */
function failureMessage(code: number | string, lines: readonly string[]): string {
  const how = `the command ended with ${typeof code === "number" ? "exit code " : ""}${code}`;
  let room = MAX_MESSAGE_CHARACTERS - how.length;
  const said: string[] = [];
  for (const line of lines.toReversed()) {
    room -= line.length + 1;
    if (room < 0 && said.length > 0) break;
    said.unshift(line);
  }
  return said.length === 0 ? how : `${how}:\n${said.join("\n")}`;
}

/** Why an output is no result, though the command succeeded. */
function outputFailure(output: Exclude<CommandOutput, { kind: "text" }>): RunOutcome {
  if (output.kind === "tooLarge") {
    const message = `the command wrote more than ${MAX_RESULT_BYTES} bytes of result. Write a file to $JOB_FILES instead`;
    return failure("ResultTooLarge", message, true);
  }
  const place = `byte 0x${output.byte.toString(16).padStart(2, "0")} at offset ${output.offset}`;
  const message = `the command's standard output is not UTF-8: ${place}. Write UTF-8, or put other bytes into a file in $JOB_FILES`;
  return failure("ResultNotUtf8", message, true);
}
