import { readlinkSync } from "node:fs";
import { type ProcessEntry, readProcess } from "./process-table.ts";

/** What {@link ownerOf} gives. */
export const PROCESS_OWNER = /\d{1,20}\.\d{1,20}\.\d{1,20}/;

/**
 * Names a process in the names of what it makes, so that what a dead one left behind can be told from what is in use:
 * `<PID namespace>.<PID>.<start>`.
 */
export function ownerOf({ pid, startedAt }: Pick<ProcessEntry, "pid" | "startedAt">): string {
  return `${pidNamespace()}.${pid}.${startedAt}`;
}

/** The name of a process, by default of this one. */
export function processOwner(pid: number = process.pid): string {
  return ownerOf({ pid, startedAt: readProcess(pid)?.startedAt ?? 0 });
}

/** Whether this process has ended. Nothing is known about a process of another container: it may be alive. */
export function isOwnerGone(owner: string): boolean {
  const [namespace, pid, startedAt] = owner.split(".").map(Number);
  return namespace === pidNamespace() && readProcess(pid as number)?.startedAt !== startedAt;
}

/** Number of this process's PID namespace; 0 where the system has none. */
export function pidNamespace(): number {
  try {
    return Number(/\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0] ?? 0);
  } catch {
    return 0;
  }
}
