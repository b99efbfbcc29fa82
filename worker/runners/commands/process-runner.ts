import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { COMMAND_MARK } from "@autoscaling-job-queues/domain/command-mark";
import { namedVariables } from "@autoscaling-job-queues/domain/environment";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { MAX_LINE_BYTES } from "../../line-limits.ts";
import { startFailure } from "../../start-failure.ts";
import { failure, handlerFailure } from "../handler-failure.ts";
import type { Run, Runner, RunOutcome } from "../runner.ts";
import type { Enclosure } from "./enclosure.ts";
import { type CommandFolder, makeCommandFolder, removeLeftovers } from "./folder.ts";
import { commandInput } from "./input.ts";
import { RunningCommands } from "./processes.ts";
import { removeFolder } from "./remove-folder.ts";
import { runCommand } from "./run-command.ts";

export interface ProcessRunnerSettings {
  readonly command: readonly [string, ...string[]];
  /** The working directory: the job's `bin` folder. */
  readonly directory: string;
  /** Its schema parses the input. */
  readonly jobType: Pick<JobType, "input">;
  /** Where only this worker starts processes. @default nowhere */
  readonly enclosure?: Enclosure | undefined;
  /** What the deployment gives. @default the variables of this process that `JOB_VARIABLES` names */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Of the worker's environment, what every command gets: neither credentials nor settings, which it does not need and might log. */
const KEPT_VARIABLES = ["PATH", "HOME", "LANG", "LC_ALL", "TZ"];

/**
 * Runs a command in any language for each job. The input is JSON on standard input, the result JSON on standard output.
 * Lines `progress <fraction> <message>` on standard error are progress, lines `checkpoint <json>` checkpoints, of which the next
 * attempt has the last in `JOB_CHECKPOINT`; all others are logged. Exit code 0 is success, 65
 * fails the job for good, any other fails the attempt. `JOB_FILES` names a folder whose files are stored and listed as
 * `files` in the result, and `JOB_INPUT_FILES` one with the files that the job was added with, each under its name. Whatever a command
 * started, and left in its folders, ends with it.
 */
export function processRunner(settings: ProcessRunnerSettings): Runner {
  const commands = new RunningCommands(settings.enclosure);
  const cleared = removeLeftovers();
  let left = 0;

  const runIn = async (run: Run, folder: CommandFolder): Promise<RunOutcome> => {
    // Before the command: an input that does not match the schema starts nothing.
    const input = await commandInput(settings.jobType, run.input);
    if (Buffer.byteLength(run.resumeFrom ?? "") > MAX_LINE_BYTES) {
      return failure("CheckpointTooLarge", `the checkpoint has more than the ${MAX_LINE_BYTES} bytes that a command can take`);
    }
    const inputs = await saveFiles(run);
    const child = await start(settings, environmentOf(run, folder, inputs, settings.variables));
    if ("kind" in child) return child;
    const processes = commands.follow(child.pid as number, folder.files);
    try {
      return await runCommand(run, { child, processes, files: folder.files }, input);
    } finally {
      const survivors = await processes.end();
      if (survivors > 0) run.log("error", "processes of the command could not be ended", { processes: survivors });
      left += survivors;
    }
  };

  return {
    run: async (run) => {
      await cleared;
      if (left > 0) {
        return { kind: "notBegun", code: "ProcessesLeft", message: `${left} processes of earlier commands could not be ended` };
      }
      let folder: CommandFolder;
      try {
        folder = await makeCommandFolder();
      } catch (error) {
        const message = `no folder for the command's files could be made: ${(error as Error).message}`;
        return { kind: "notBegun", code: "NoFilesFolder", message };
      }
      const outcome = await runIn(run, folder).catch(handlerFailure);
      // Those that are left may be writing; the next worker removes it.
      if (left === 0) await remove(run, folder);
      return outcome;
    },
    close: async () => {},
  };
}

/** Downloads the files that the job was added with. @returns their folder; undefined where there are none. */
async function saveFiles(run: Run): Promise<string | undefined> {
  let folder: string | undefined;
  for (const name of Object.keys(run.files)) folder = path.dirname(await run.saveFile(name));
  return folder;
}

function environmentOf(
  { id, type, attempt, traceparent, resumeFrom }: Run,
  { files, temporary }: CommandFolder,
  inputs: string | undefined,
  given: NodeJS.ProcessEnv = namedVariables(),
): NodeJS.ProcessEnv {
  const kept = KEPT_VARIABLES.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  const own = { JOB_ID: id, JOB_TYPE: type, JOB_ATTEMPT: String(attempt), [COMMAND_MARK]: files, TMPDIR: temporary };
  const checkpoint = resumeFrom === undefined ? {} : { JOB_CHECKPOINT: resumeFrom };
  const trace = traceparent === undefined ? {} : { TRACEPARENT: traceparent };
  const inputFiles = inputs === undefined ? {} : { JOB_INPUT_FILES: inputs };
  return { ...Object.fromEntries(kept), ...given, ...own, ...trace, ...checkpoint, ...inputFiles };
}

/** Starts the command as the leader of a process group and a session. @returns how the attempt ends where the system does not. */
async function start(
  { command: [program, ...args], directory }: ProcessRunnerSettings,
  env: NodeJS.ProcessEnv,
): Promise<ChildProcessWithoutNullStreams | RunOutcome> {
  try {
    const child = spawn(program, args, { cwd: directory, detached: true, env });
    if (child.pid !== undefined) return child.on("error", () => {});
    const [error] = (await once(child, "error")) as [Error];
    return startFailure(error);
  } catch (error) {
    return startFailure(error as Error);
  }
}

/** What cannot be removed stays, and is logged: the command's outcome stands. */
async function remove(run: Run, { path }: CommandFolder): Promise<void> {
  try {
    await removeFolder(path);
  } catch (error) {
    run.log("warn", "a folder of the command could not be removed", { folder: path, detail: (error as Error).message });
  }
}
