import { spawn } from "node:child_process";
import { once } from "node:events";
import { JobQueueError } from "@autoscaling-job-queues/domain/errors";

export interface RunProgramOptions {
  readonly cwd?: string;
  /** Beside those of this process. */
  readonly variables?: Readonly<Record<string, string>>;
}

/**
 * Runs a program to its end. What it prints goes to standard error: standard output is for results.
 *
 * @throws JobQueueError "ProgramFailed" when it is not installed, or does not end with exit code 0.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { cwd, variables }: RunProgramOptions = {},
): Promise<void> {
  const env = { ...process.env, ...variables };
  const child = spawn(program, args, { stdio: ["ignore", 2, 2], env, ...(cwd === undefined ? {} : { cwd }) });
  const [code, signal] = (await once(child, "exit").catch((error: NodeJS.ErrnoException) => {
    throw new JobQueueError("ProgramFailed", `${program} could not be run: ${error.code ?? error.message}`);
  })) as [number | null, NodeJS.Signals | null];
  if (code !== 0) {
    throw new JobQueueError(
      "ProgramFailed",
      `${program} ${args[0]} failed (${code === null ? signal : `exit code ${code}`}); see above`,
    );
  }
}

/** Whether a program is installed and ends with exit code 0. */
export async function succeeds(program: string, args: readonly string[]): Promise<boolean> {
  const child = spawn(program, args, { stdio: "ignore" });
  try {
    const [code] = (await once(child, "exit")) as [number | null];
    return code === 0;
  } catch {
    return false;
  }
}
