import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, vi } from "vitest";
import type { Run, RunOutcome } from "../../worker/runners/runner.ts";
import { shellRunner } from "./shell-runner.ts";
import { buildRun } from "./worker-run.ts";

export interface CommandSuite {
  /** The folder of this test: commands run in it, and the folders of `JOB_FILES` are made in it. */
  readonly folder: () => string;
  /** Runs a script of the shell as a `process` job's command. */
  readonly shell: (script: string, overrides?: Partial<Run>) => Promise<RunOutcome>;
}

/** A folder for each test of the file that calls it, and a shell in it. */
export function commandSuite(): CommandSuite {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "process-runner-"));
    vi.stubEnv("TMPDIR", folder);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });
  const shell: CommandSuite["shell"] = (script, overrides = {}) => shellRunner(script, folder).run(buildRun(overrides));
  return { folder: () => folder, shell };
}
