import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import { ENCLOSURE } from "@autoscaling-job-queues/domain/environment";
import { type ProcessEntry, readProcess } from "@autoscaling-job-queues/domain/process-table";
import { makeControlGroup } from "./control-group.ts";
import { endDescendants } from "./descendants.ts";
import { taskMembers } from "./task-members.ts";

/** What a task runs, as a task definition says it. */
export interface TaskDefinition {
  /** A Node program. */
  readonly program: string;
  /** Working directory. */
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Port on 127.0.0.1 at which it waits for a debugger. @default none */
  readonly inspectorPort?: number | undefined;
  /** How far its clock is ahead of the machine's. @default 0 */
  readonly clockAheadMs?: number;
  /** File that its output is appended to. */
  readonly log: string;
}

/** A running task: a process that leads a group of its own, and what it starts. */
export interface TaskProcess {
  /** Asks it to end: SIGTERM. */
  terminate(): void;
  /** Ends it and what it started: SIGKILL. */
  kill(): void;
  /** Which of all processes belong to it. */
  members(table: readonly ProcessEntry[]): readonly ProcessEntry[];
  /** Settles when it has ended, and what it started with it, with its exit code or signal. */
  readonly exit: Promise<number | string>;
}

/** Encloses the task, and ends it when this process is gone, however it went; the task's program does not know about it. */
const END_WITH_PARENT = new URL("./end-with-parent.ts", import.meta.url).href;
const CLOCK_AHEAD = new URL("./clock-ahead.ts", import.meta.url).href;

export function startTaskProcess({
  program,
  directory,
  environment,
  inspectorPort,
  clockAheadMs = 0,
  log,
}: TaskDefinition): TaskProcess {
  const output = openSync(log, "a");
  const group = makeControlGroup(randomUUID());
  // Its own group, so that Ctrl-C reaches it through the fleet alone. The fourth stream is the pipe that it watches.
  const inspector = inspectorPort === undefined ? [] : [`--inspect=127.0.0.1:${inspectorPort}`];
  const clock = clockAheadMs === 0 ? [] : ["--import", `${CLOCK_AHEAD}?milliseconds=${clockAheadMs}`];
  const child = spawn(process.execPath, [...inspector, ...clock, "--import", END_WITH_PARENT, program], {
    cwd: directory,
    env: { ...environment, ...(group === undefined ? {} : { [ENCLOSURE.variable]: group.path }) },
    detached: true,
    stdio: ["ignore", output, output, "pipe"],
  });
  closeSync(output);
  const worker = child.pid === undefined ? undefined : readProcess(child.pid);
  const endRest = (): void => {
    group?.kill();
    if (worker !== undefined) endDescendants(worker);
  };
  const exit = new Promise<number | string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => {
      // As a container takes with it what its first process leaves behind.
      endRest();
      void group?.remove();
      resolve(code ?? signal ?? "unknown");
    });
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
        endRest();
        return -pid;
      });
    },
    members: (table) => {
      if (worker === undefined) return [];
      const inGroup = group?.pids() ?? new Set();
      const known = new Set(taskMembers(worker, table));
      return table.filter((entry) => known.has(entry) || inGroup.has(entry.pid));
    },
    exit,
  };
}
