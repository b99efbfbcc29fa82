import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { ReachableMemory } from "./reachable-memory.ts";

/** What a process held at one time. */
export interface ResourceSample {
  /** Milliseconds, by a clock that all samples of a run share. */
  readonly at: number;
  /** Bytes of the process in memory. */
  readonly residentBytes: number;
  /** Open sockets, pipes and files. */
  readonly descriptors: number;
  readonly threads: number;
}

/** Reads what a process holds from `/proc`. @returns undefined when it is gone. */
export function sampleProcess(pid: number): ResourceSample | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
    const [, threads] = /^Threads:\s+(\d+)$/m.exec(status) ?? [];
    return {
      at: performance.now(),
      residentBytes: Number(kilobytes) * 1_024,
      descriptors: readdirSync(`/proc/${pid}/fd`).length,
      threads: Number(threads),
    };
  } catch {
    return undefined;
  }
}

/** Samples processes once a second, until it is stopped. */
export class ResourceSampler {
  readonly #samples = new Map<string, ResourceSample[]>();
  readonly #timer: NodeJS.Timeout;

  /** @param processes process IDs by name. */
  constructor(processes: Readonly<Record<string, number>>) {
    for (const name of Object.keys(processes)) this.#samples.set(name, []);
    this.#timer = setInterval(() => {
      for (const [name, pid] of Object.entries(processes)) {
        const sample = sampleProcess(pid);
        if (sample !== undefined) this.#samples.get(name)?.push(sample);
      }
    }, 1_000);
  }

  /** @returns all samples by name, oldest first. */
  stop(): ReadonlyMap<string, readonly ResourceSample[]> {
    clearInterval(this.#timer);
    return this.#samples;
  }
}

/** What a process could not let go of at one time. */
export interface ReachableSample extends ReachableMemory {
  readonly at: number;
}

/** Asks processes for their reachable memory, over and over, until it is stopped. */
export class ReachableSampler {
  readonly #samples = new Map<string, ReachableSample[]>();
  readonly #stop = new AbortController();
  readonly #loops: Promise<void>;

  /** @param ask see `reachableMemory`. @param everyMs a full garbage collection holds its process for tens of milliseconds. */
  constructor(
    processes: Readonly<Record<string, number>>,
    ask: (pid: number) => Promise<ReachableMemory | undefined>,
    everyMs = 5_000,
  ) {
    const loops = Object.entries(processes).map(async ([name, pid]) => {
      const samples: ReachableSample[] = [];
      this.#samples.set(name, samples);
      while (!this.#stop.signal.aborted) {
        const memory = await ask(pid);
        if (memory === undefined) return;
        samples.push({ at: performance.now(), ...memory });
        await delay(everyMs, undefined, { signal: this.#stop.signal }).catch(() => {});
      }
    });
    this.#loops = Promise.all(loops).then(() => {});
  }

  /** @returns all samples by name, oldest first; of a process that ended, those before. */
  async stop(): Promise<ReadonlyMap<string, readonly ReachableSample[]>> {
    this.#stop.abort();
    await this.#loops;
    return this.#samples;
  }
}

export const MEBIBYTE = 1_048_576;

/** Bytes for figures, as mebibytes. */
export function mebibytes(bytes: number): string {
  return `${Math.round(bytes / MEBIBYTE)} MiB`;
}
