import * as z from "zod";
import { type ProcessRunnerSettings, processRunner } from "../../worker/runners/commands/process-runner.ts";
import type { Runner } from "../../worker/runners/runner.ts";

/** A runner whose command is a script of the shell. */
export function shellRunner(script: string, directory: string, settings: Partial<ProcessRunnerSettings> = {}): Runner {
  return processRunner({ command: ["sh", "-c", script], directory, jobType: { input: z.unknown() }, ...settings });
}
