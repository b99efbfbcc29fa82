import { spawn } from "node:child_process";
import { readProcess } from "../../domain/process-table.ts";
import { afterFile } from "./after-file.ts";

/** Whether a process runs; one that has ended, and of which nobody has asked how, does not. */
export function isRunning(pid: number): boolean {
  return readProcess(pid)?.isZombie === false;
}

/** A process of this user that has nothing to do with any job, and ends after the tests of the file. */
export function startBystander(variables: NodeJS.ProcessEnv = {}): number {
  const child = spawn("sleep", ["600"], { stdio: "ignore", env: { ...process.env, ...variables } });
  afterFile(() => child.kill("SIGKILL"));
  return child.pid as number;
}
