import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** A process of this machine or, in a container, of the container. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** When it started, in units of the system's own. With the ID, it tells a process from a later one that got its ID. */
  readonly startedAt: number;
  /** It has ended, and its parent has not asked how. */
  readonly isZombie: boolean;
}

/** All processes that can be seen; none where the system has neither `/proc` nor `ps`. */
export function readProcessTable(): readonly ProcessEntry[] {
  try {
    return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? (readProcess(Number(name)) ?? []) : []));
  } catch {
    return askPs();
  }
}

/** The ID of the newest process: while it stays the same, none has started. Undefined where the system does not say. */
export function newestPid(): number | undefined {
  try {
    return Number(readFileSync("/proc/loadavg", "latin1").trim().split(" ").at(-1));
  } catch {
    return undefined;
  }
}

/** One process as it is now; undefined where none has this ID. */
export function readProcess(pid: number): ProcessEntry | undefined {
  try {
    return parseStat(pid, readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return process.platform === "linux" ? undefined : askPs().find((entry) => entry.pid === pid);
  }
}

/** @param stat of proc(5). The program's name comes second, in parentheses, and may hold anything, parentheses too. */
function parseStat(pid: number, stat: string): ProcessEntry {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state = "", parent, group, session] = fields;
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    startedAt: Number(fields[19]),
    isZombie: state === "Z" || state === "X",
  };
}

/** macOS has no `/proc`, and its `ps` names no sessions. */
function askPs(): ProcessEntry[] {
  try {
    const listed = execFileSync("ps", ["-A", "-o", "pid=,ppid=,pgid=,stat=,lstart="], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      env: { ...process.env, LC_ALL: "C" },
    });
    return listed.trim().split("\n").map(parsePs);
  } catch {
    return [];
  }
}

function parsePs(line: string): ProcessEntry {
  const [pid, parent, group, state = "", ...started] = line.trim().split(/\s+/);
  return {
    pid: Number(pid),
    parent: Number(parent),
    group: Number(group),
    session: Number(group),
    startedAt: Date.parse(started.join(" ")),
    isZombie: state.startsWith("Z"),
  };
}
