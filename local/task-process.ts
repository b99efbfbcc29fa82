import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { endDescendants } from "./descendants.ts";

/** What a task runs, as a task definition says it. */
export interface TaskDefinition {
  /** A Node program. */
  readonly program: string;
  /** Working directory. */
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  /** File that its output is appended to. */
  readonly log: string;
}

/** A running task: a process that leads a group of its own, and what it starts. */
export interface TaskProcess {
  /** Asks it to end: SIGTERM. */
  terminate(): void;
  /** Ends it and what it started, as {@link endDescendants} can: SIGKILL. */
  kill(): void;
  /** Settles when it has ended, with its exit code or signal. */
  readonly exit: Promise<number | string>;
}

/** Ends the task when this process is gone, however it went; the task's program knows nothing of it. */
const END_WITH_PARENT = new URL("./end-with-parent.ts", import.meta.url).href;

export function startTaskProcess({ program, directory, environment, log }: TaskDefinition): TaskProcess {
  const output = openSync(log, "a");
  // Its own group, so that Ctrl-C reaches it through the fleet alone. The fourth stream is the pipe that it watches.
  const child = spawn(process.execPath, ["--import", END_WITH_PARENT, program], {
    cwd: directory,
    env: environment,
    detached: true,
    stdio: ["ignore", output, output, "pipe"],
  });
  closeSync(output);
  const exit = new Promise<number | string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(code ?? signal ?? "unknown"));
  });
  const signal = (name: NodeJS.Signals, target: (pid: number) => number): void => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    try {
      process.kill(target(child.pid), name);
    } catch {
      // It has just ended.
    }
  };
  return {
    terminate: () => signal("SIGTERM", (pid) => pid),
    kill: () => {
      // Stopped, it starts nothing more while its descendants are looked for.
      signal("SIGSTOP", (pid) => -pid);
      signal("SIGKILL", (pid) => {
        endDescendants(pid);
        return -pid;
      });
    },
    exit,
  };
}
