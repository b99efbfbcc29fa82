import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** What a process held at one time. */
export interface ResourceSample {
  /** Bytes of the process in memory. */
  readonly residentBytes: number;
  /** Of these, what is not a part of a file: the kernel lets go of pages of files, and reads them again, as it likes. */
  readonly anonymousBytes: number;
  /** Open sockets, pipes and files. */
  readonly descriptors: number;
  readonly threads: number;
}

/** Milliseconds, by a clock that all samples of a run share. */
export type Timed<Sample> = Sample & { readonly at: number };

/** Reads what a process holds from `/proc`. @returns undefined when it is gone. */
export function sampleProcess(pid: number): ResourceSample | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const bytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) * 1_024;
    const [, threads] = /^Threads:\s+(\d+)$/m.exec(status) ?? [];
    const descriptors = readdirSync(`/proc/${pid}/fd`).length;
    return { residentBytes: bytes("VmRSS"), anonymousBytes: bytes("RssAnon"), descriptors, threads: Number(threads) };
  } catch {
    return undefined;
  }
}

/** Samples something over and over, until it is told to stop or there is nothing any more. @returns all samples, oldest first. */
export async function samplesOf<Sample>(
  read: () => Promise<Sample | undefined> | Sample | undefined,
  everyMs: number,
  stop: AbortSignal,
): Promise<Timed<Sample>[]> {
  const samples: Timed<Sample>[] = [];
  while (!stop.aborted) {
    const sample = await read();
    if (sample === undefined) break;
    samples.push({ at: performance.now(), ...sample });
    await delay(everyMs, undefined, { signal: stop }).catch(() => {});
  }
  return samples;
}

export const MEBIBYTE = 1_048_576;

/** Bytes for figures, as mebibytes. */
export function mebibytes(bytes: number): string {
  return `${Math.round(bytes / MEBIBYTE)} MiB`;
}
