import { type ProcessEntry, readProcess, readProcessTable } from "@autoscaling-job-queues/domain/process-table";
import { type BackgroundLoop, startLoop } from "../background-loop.ts";
import { type FleetTask, taskName } from "./fleet.ts";
import { firstToEnd, memoryKiB } from "./task-memory.ts";

type WatchedTask = Pick<FleetTask, "id" | "service" | "process">;

export interface MemoryWatchSettings {
  readonly tasks: () => readonly WatchedTask[];
  /** Memory of the containers of each job type, in MiB. */
  readonly memoryMiB: ReadonlyMap<string, number>;
  /** Told before a process of a task is ended, in ECS's words. */
  readonly willEnd?: (taskId: string, reason: string) => void;
  /** Told in one sentence what was ended, and why. */
  readonly report: (line: string) => void;
  /** Milliseconds between two looks. @default 500 */
  readonly everyMs?: number;
}

const KIB_PER_MIB = 1_024;
/** ECS's words for a container that its kernel ended (Amazon ECS: stopped task error messages). */
const OUT_OF_MEMORY = "OutOfMemoryError: Container killed due to memory usage";

/**
 * Bounds the memory of tasks as their containers do on Fargate: the processes of one that uses more are ended, one after the other,
 * those first that the kernel would end first. Between two looks a task may use more.
 */
export function startMemoryWatch({ tasks, memoryMiB, willEnd, report, everyMs = 500 }: MemoryWatchSettings): BackgroundLoop {
  /** What was ended and may still be there, by task. */
  const ending = new Map<string, ProcessEntry>();
  let isTold = false;

  const look = async (task: WatchedTask, table: readonly ProcessEntry[]): Promise<void> => {
    const running = task.process.members(table).filter(({ isZombie }) => !isZombie);
    const limitMiB = memoryMiB.get(task.service);
    if (running.length === 0 || limitMiB === undefined) return;
    const last = ending.get(task.id);
    if (running.some(({ pid, startedAt }) => pid === last?.pid && startedAt === last.startedAt)) return;
    ending.delete(task.id);
    const pids = running.map(({ pid }) => pid);
    const used = await memoryKiB(pids, limitMiB * KIB_PER_MIB);
    if (used === undefined && !isTold) {
      isTold = true;
      report("workers may use more memory here than their containers have: this system does not say how much they use");
    }
    if (used === undefined || used <= limitMiB * KIB_PER_MIB) return;
    const victim = await firstToEnd(pids);
    const entry = running.find(({ pid }) => pid === victim);
    if (entry === undefined || readProcess(entry.pid)?.startedAt !== entry.startedAt) return;
    ending.set(task.id, entry);
    willEnd?.(task.id, OUT_OF_MEMORY);
    report(tooMuch(task, Math.ceil(used / KIB_PER_MIB), limitMiB, entry.pid));
    kill(entry.pid);
  };

  return startLoop({
    everyMs,
    round: async () => {
      const watched = tasks();
      if (watched.length === 0) return;
      const table = readProcessTable();
      for (const task of watched) await look(task, table);
    },
    onError: (error) => report(`the memory of workers could not be read: ${error.message}`),
  });
}

function tooMuch(task: WatchedTask, usedMiB: number, limitMiB: number, pid: number): string {
  const did = `worker ${taskName(task)} used ${usedMiB} MiB of memory, and its container has ${limitMiB}; process ${pid} of it was ended, as on Fargate`;
  return `${did}. Use less, or raise container.memoryMiB of the job type ${task.service}`;
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has just ended.
  }
}
