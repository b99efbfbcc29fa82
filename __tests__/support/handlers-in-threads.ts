import { writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { type Mock, vi } from "vitest";
import type { Run, Runner, RunOutcome } from "../../worker/runners/runner.ts";
import { type ThreadLog, type ThreadRunnerSettings, threadRunner } from "../../worker/runners/threads/thread-runner.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { buildRun } from "./worker-run.ts";

/** Handlers in threads, as a worker runs them. */
export interface HandlersInThreads {
  readonly runner: Runner;
  /** What was reported between jobs. */
  readonly log: { readonly [Report in keyof ThreadLog]: Mock<ThreadLog[Report]> };
  /** Runs the handler of this name, as the job `job-<name>`. */
  readonly run: (name: string, overrides?: Partial<Run>) => Promise<RunOutcome>;
}

/** The beginning of a module with handlers whose input is any, without zod: each thread would spend most of its start on loading it. */
export const ANY_INPUT = "const schema = { safeParseAsync: async (data) => ({ success: true, data }) };";

/**
 * Starts a runner.
 *
 * @param code of the handlers' module: the default export's handler does what `input.do` names.
 */
export async function handlersInThreads(code: string, settings: Partial<ThreadRunnerSettings> = {}): Promise<HandlersInThreads> {
  const file = path.join(await temporaryFolder("handlers-in-threads"), "job.mjs");
  await writeFile(file, code);
  const log = { strayError: vi.fn<ThreadLog["strayError"]>(), threadReplaced: vi.fn<ThreadLog["threadReplaced"]>() };
  const runner = threadRunner({ handlerUrl: pathToFileURL(file).href, concurrency: 1, memoryMiB: 1_024, log, ...settings });
  const run: HandlersInThreads["run"] = (name, overrides = {}) =>
    runner.run(buildRun({ id: `job-${name}`, input: JSON.stringify({ do: name }), ...overrides }));
  return { runner, log, run };
}

/** What identifies the job of a handler in reports. */
export const keysOf = (name: string) => ({ id: `job-${name}`, type: "test", attempt: 1 });
