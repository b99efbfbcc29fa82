import { readdirSync, readFileSync } from "node:fs";
import { percentile } from "./percentile.ts";

/** What a process held at one time. */
export interface ResourceSample {
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

/** How something went over a run: its median in the second and in the last of five parts, and its highest value. */
export interface Trend {
  readonly early: number;
  readonly late: number;
  readonly highest: number;
}

/** The first part is left out: a process that has just started still grows. */
export function trendOf(values: readonly number[]): Trend {
  return { early: percentile(fifth(values, 1), 0.5), late: percentile(fifth(values, 4), 0.5), highest: Math.max(...values) };
}

/** What a process held early and late in a run while it had so many threads, as medians. */
export interface Growth {
  readonly threads: number;
  readonly early: Omit<ResourceSample, "threads">;
  readonly late: Omit<ResourceSample, "threads">;
}

/**
 * Compares the second and the last of five parts of a run. A worker keeps threads without work for a minute, each with memory
 * and descriptors of its own, so only samples with the same number of threads compare: the number most common to both parts.
 *
 * @throws Error when the parts have no number of threads in common.
 */
export function growthOf(samples: readonly ResourceSample[]): Growth {
  const [early, late] = [fifth(samples, 1), fifth(samples, 4)].map((part) => Map.groupBy(part, ({ threads }) => threads));
  const inBoth = (threads: number): number => Math.min(early!.get(threads)!.length, late!.get(threads)?.length ?? 0);
  const [threads] = [...early!.keys()].filter((count) => late!.has(count)).toSorted((a, b) => inBoth(b) - inBoth(a));
  if (threads === undefined) throw new Error(`${samples.length} samples have no number of threads that is common to both parts`);
  return { threads, early: medianOf(early!.get(threads)!), late: medianOf(late!.get(threads)!) };
}

function medianOf(samples: readonly ResourceSample[]): Omit<ResourceSample, "threads"> {
  const median = (values: readonly number[]): number => percentile(values, 0.5);
  return {
    residentBytes: median(samples.map(({ residentBytes }) => residentBytes)),
    descriptors: median(samples.map(({ descriptors }) => descriptors)),
  };
}

function fifth<Value>(values: readonly Value[], index: number): readonly Value[] {
  return values.slice(Math.floor((values.length * index) / 5), Math.floor((values.length * (index + 1)) / 5));
}

export const MEBIBYTE = 1_048_576;

/** Bytes for figures, as mebibytes. */
export function mebibytes(bytes: number): string {
  return `${Math.round(bytes / MEBIBYTE)} MiB`;
}
