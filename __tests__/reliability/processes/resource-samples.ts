import { readdirSync, readFileSync } from "node:fs";
import { percentile } from "./percentile.ts";

/** What a process held at one time. */
export interface ResourceSample {
  /** Bytes of the process in memory. */
  readonly residentBytes: number;
  /** Open sockets, pipes and files. */
  readonly descriptors: number;
}

/** Reads what a process holds from `/proc`. @returns undefined when it is gone. */
export function sampleProcess(pid: number): ResourceSample | undefined {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return { residentBytes: Number(kilobytes) * 1_024, descriptors: readdirSync(`/proc/${pid}/fd`).length };
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

/** How something went over a run: its median in the second and in the last of five parts, and its highest value. */
export interface Trend {
  readonly early: number;
  readonly late: number;
  readonly highest: number;
}

/** The first part is left out: a process that has just started still grows. */
export function trendOf(values: readonly number[]): Trend {
  const part = (index: number): readonly number[] =>
    values.slice(Math.floor((values.length * index) / 5), Math.floor((values.length * (index + 1)) / 5));
  return { early: percentile(part(1), 0.5), late: percentile(part(4), 0.5), highest: Math.max(...values) };
}

export const MEBIBYTE = 1_048_576;

/** Bytes for figures, as mebibytes. */
export function mebibytes(bytes: number): string {
  return `${Math.round(bytes / MEBIBYTE)} MiB`;
}
