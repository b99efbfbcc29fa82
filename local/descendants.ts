import { execFileSync } from "node:child_process";

/**
 * Ends what the leader of a process group started in groups of their own, such as the commands of `process` jobs: SIGKILL. A
 * container takes every process with it; here, only what left those groups too lives on. Without `ps`, so do those groups.
 */
export function endDescendants(leader: number): void {
  for (const group of descendantGroups(leader)) {
    try {
      process.kill(-group, "SIGKILL");
    } catch {
      // It has just ended.
    }
  }
}

/** The groups, other than the leader's own, of all that it started, and that those started. */
function descendantGroups(leader: number): ReadonlySet<number> {
  const processes = listProcesses();
  const family = new Set([leader]);
  const groups = new Set<number>();
  for (let known = 0; known < family.size; ) {
    known = family.size;
    for (const [pid, parent, group] of processes) {
      if (pid === undefined || parent === undefined || group === undefined || family.has(pid) || !family.has(parent)) continue;
      family.add(pid);
      if (group !== leader) groups.add(group);
    }
  }
  return groups;
}

/** ID, parent and group of every process; none where the system has no `ps`. */
function listProcesses(): readonly (readonly number[])[] {
  try {
    const listed = execFileSync("ps", ["-A", "-o", "pid=,ppid=,pgid="], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return listed
      .trim()
      .split("\n")
      .map((line) => line.trim().split(/\s+/).map(Number));
  } catch {
    return [];
  }
}
