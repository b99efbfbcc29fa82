import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

/** How a program ended, and what it printed. */
export interface Captured {
  /** Null when it was killed, or could not be started. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CaptureSettings {
  readonly cwd?: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Milliseconds after which it gets SIGTERM. @default 480,000 */
  readonly timeoutMs?: number;
}

/** Runs a program to its end. Never throws: a program that is not there is a code of null, with the reason as `stderr`. */
export async function runCaptured(program: string, args: readonly string[], settings: CaptureSettings): Promise<Captured> {
  const { cwd, environment, timeoutMs = 480_000 } = settings;
  const child = spawn(program, args, {
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: timeoutMs,
    ...(cwd === undefined ? {} : { cwd }),
  });
  const failed = new Promise<Captured>((resolve) => {
    child.once("error", ({ message }) => resolve({ code: null, stdout: "", stderr: message }));
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const captured = Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return await Promise.race([failed, captured.then(([code, stdout, stderr]) => ({ code, stdout, stderr }))]);
}
