import { writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { markOf } from "@autoscaling-job-queues/domain/command-mark";
import { familyOf } from "@autoscaling-job-queues/domain/process-family";
import { newestPid, type ProcessEntry, readProcess, readProcessTable } from "@autoscaling-job-queues/domain/process-table";
import type { Enclosure } from "./enclosure.ts";
import { type KnownCommand, processesToEnd } from "./processes-to-end.ts";

/** Milliseconds between two looks at what the commands have started: one that loses its parent later is known by then. */
const LOOK_MS = 1_000;
/** How long a command's processes may take to end once they are killed, in milliseconds. */
const PATIENCE_MS = 5_000;
const LONGEST_PAUSE_MS = 20;
/**
 * Looks in a row that find no process, while others start on the machine, after which none is left. On a loaded machine a look takes
 * so long that a process may well end during it, and leave one that came too late for it.
 */
const ENOUGH_LOOKS = 15;
/** In a container that is out of memory the kernel ends a command first, and not the worker with the jobs of all (proc(5)). */
const OOM_SCORE = "1000";

/** All processes of one command. */
export interface CommandProcesses {
  /** Sends a signal to those that are in the command's process group. */
  signal(name: NodeJS.Signals): void;
  /**
   * Ends all that the command started and that still runs, however often it is called.
   *
   * @returns how many processes could not be ended.
   */
  end(): Promise<number>;
}

/** Follows the processes of a worker's commands. */
export class RunningCommands {
  readonly #enclosure: Enclosure | undefined;
  readonly #running = new Set<Command>();
  #timer: NodeJS.Timeout | undefined;

  /** @param enclosure where only this worker starts processes. */
  constructor(enclosure: Enclosure | undefined) {
    this.#enclosure = enclosure;
  }

  /** @param root the command's process, which leads a group and a session. @param mark the value of its variable `JOB_FILES`. */
  follow(root: number, mark: string): CommandProcesses {
    const command = new Command(root, mark);
    this.#running.add(command);
    this.#timer ??= setInterval(() => this.look(), LOOK_MS).unref();
    writeFile(`/proc/${root}/oom_score_adj`, OOM_SCORE).catch(() => {});
    let ended: Promise<number> | undefined;
    return {
      signal: (name) => command.signal(name),
      end: async () => {
        ended ??= this.#end(command);
        return await ended;
      },
    };
  }

  /** Looks which processes belong to the commands now. */
  look(): void {
    const table = readProcessTable();
    for (const command of this.#running) command.learn(table);
  }

  async #end(command: Command): Promise<number> {
    const deadline = performance.now() + PATIENCE_MS;
    let quietLooks = 0;
    for (let pause = 1; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      const newest = newestPid();
      const left = this.#left(command);
      if (left.length === 0) {
        // A process that started meanwhile may have come too late to be seen, and its parent may have gone.
        quietLooks = newestPid() === newest ? ENOUGH_LOOKS : quietLooks + 1;
      } else {
        quietLooks = 0;
        // At once, so that those that start others cannot go on meanwhile.
        command.signal("SIGKILL");
        for (const entry of left) kill(entry);
      }
      if (quietLooks >= ENOUGH_LOOKS || performance.now() > deadline) {
        this.#forget(command);
        return left.length;
      }
      await delay(pause);
    }
  }

  #left(command: Command): readonly ProcessEntry[] {
    const table = readProcessTable();
    command.learn(table);
    const others = [...this.#running].filter((running) => running !== command);
    return processesToEnd({ table, command, others, enclosed: this.#enclosure?.(), worker: process.pid });
  }

  #forget(command: Command): void {
    this.#running.delete(command);
    if (this.#running.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

class Command implements KnownCommand {
  readonly startedAt: number;
  readonly #root: number;
  readonly #mark: string;
  #known: ReadonlyMap<number, number>;

  constructor(root: number, mark: string) {
    this.#root = root;
    this.#mark = mark;
    this.startedAt = readProcess(root)?.startedAt ?? 0;
    this.#known = new Map([[root, this.startedAt]]);
  }

  get known(): ReadonlyMap<number, number> {
    return this.#known;
  }

  readonly isMarked = ({ pid, startedAt }: ProcessEntry): boolean => startedAt >= this.startedAt && markOf(pid) === this.#mark;

  /** Learns which processes belong to it now. Those that are gone stay known while their group or session lives on. */
  learn(table: readonly ProcessEntry[]): void {
    const family = familyOf(table, this.#known, this.isMarked);
    const led = new Set(family.flatMap(({ group, session }) => [group, session]));
    const gone = [...this.#known].filter(([pid]) => pid === this.#root || led.has(pid));
    this.#known = new Map([...gone, ...family.map(({ pid, startedAt }) => [pid, startedAt] as const)]);
  }

  /** A group that has ended, or that a later process may have got the ID of, gets no signal. */
  signal(name: NodeJS.Signals): void {
    const root = readProcess(this.#root);
    if (root !== undefined && root.startedAt !== this.startedAt) return;
    try {
      process.kill(-this.#root, name);
    } catch {
      // It has just ended.
    }
  }
}

function kill({ pid, startedAt }: ProcessEntry): void {
  try {
    if (readProcess(pid)?.startedAt === startedAt) process.kill(pid, "SIGKILL");
  } catch {
    // It has just ended, or is another user's: then it is counted as left.
  }
}
