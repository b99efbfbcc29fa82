import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isOwnerGone, PROCESS_OWNER, processOwner } from "@autoscaling-job-queues/domain/process-owner";

/**
 * A control group of Linux (cgroup v2): what a process in it starts is in it too, whatever it does to get away, as in a container.
 */
export interface ControlGroup {
  /** Its folder. */
  readonly path: string;
  /** IDs of the processes in it. */
  pids(): ReadonlySet<number>;
  /** Moves a process into it; what it has started already stays where it is. @throws the system's error where it may not. */
  add(pid: number): void;
  /** Ends all of them at once: SIGKILL. */
  kill(): void;
  /** Removes the group once the last of them has ended. */
  remove(): Promise<void>;
}

const PREFIX = "job-queues-";
const LEFTOVER = new RegExp(`^${PREFIX}(${PROCESS_OWNER.source})-`);
/** How often removing a group is tried, and milliseconds in between. */
const REMOVE_TRIES = 50;
const REMOVE_AGAIN_MS = 100;

/** Makes a group below this process's own. @returns undefined where the system has none, or this user may not make one. */
export function makeControlGroup(name: string): ControlGroup | undefined {
  const above = ownControlGroup();
  if (above === undefined) return undefined;
  const folder = path.join(above, `${PREFIX}${processOwner()}-${name}`);
  try {
    mkdirSync(folder);
    // Younger than control groups themselves: Linux 5.14.
    if (existsSync(path.join(folder, "cgroup.kill"))) return controlGroup(folder);
    rmdirSync(folder);
  } catch {
    // No file system of control groups, or no right to it.
  }
  return undefined;
}

/** Ends and removes the groups of an earlier process that was killed. */
export async function removeLeftoverGroups(): Promise<void> {
  const above = ownControlGroup();
  if (above === undefined) return;
  for (const name of readdirSync(above)) {
    const [, owner] = LEFTOVER.exec(name) ?? [];
    if (owner === undefined || !isOwnerGone(owner)) continue;
    const group = controlGroup(path.join(above, name));
    group.kill();
    await group.remove();
  }
}

/** A group that is there. */
export function controlGroup(folder: string): ControlGroup {
  return {
    path: folder,
    pids: () => {
      try {
        return new Set(readFileSync(path.join(folder, "cgroup.procs"), "latin1").split("\n").filter(Boolean).map(Number));
      } catch {
        return new Set();
      }
    },
    add: (pid) => writeFileSync(path.join(folder, "cgroup.procs"), String(pid)),
    kill: () => {
      try {
        writeFileSync(path.join(folder, "cgroup.kill"), "1");
      } catch {
        // It has been removed.
      }
    },
    remove: async () => {
      for (let tries = 1; tries <= REMOVE_TRIES && !isRemoved(folder); tries += 1) await delay(REMOVE_AGAIN_MS);
    },
  };
}

function isRemoved(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    // Busy as long as one of its processes is ending.
    return (error as NodeJS.ErrnoException).code !== "EBUSY";
  }
}

/** The folder of the group that this process is in; undefined where the system has none. */
function ownControlGroup(): string | undefined {
  try {
    const own = /^0::(.*)$/m.exec(readFileSync("/proc/self/cgroup", "utf8"))?.[1];
    const mounts = readFileSync("/proc/self/mountinfo", "utf8").split("\n");
    const mount = mounts.find((line) => / - cgroup2 /.test(line))?.split(" ");
    if (own === undefined || mount === undefined) return undefined;
    const [root, mountedAt] = mount.slice(3, 5) as [string, string];
    const within = path.relative(root, own);
    return within.startsWith("..") ? undefined : path.join(mountedAt, within);
  } catch {
    return undefined;
  }
}
