import { writeSync } from "node:fs";

/** What a measured consumer tells of itself when it has done so many jobs. */
export interface Reading {
  readonly jobs: number;
  /** Milliseconds of CPU of the whole process since its start. */
  readonly cpuMs: number;
  /** Milliseconds of wall clock since its start. */
  readonly wallMs: number;
  /** Bytes in use after a garbage collection, on the heap and outside of it. */
  readonly usedBytes: number;
  /** Bytes of the process in memory. */
  readonly rssBytes: number;
  /** Requests to the emulators since its start. */
  readonly calls: number;
}

/** Counts jobs done, and reports to the parent process at each of the given numbers. */
export function readingsAt(marks: readonly number[]): () => void {
  let jobs = 0;
  return () => {
    jobs += 1;
    if (!marks.includes(jobs)) return;
    globalThis.gc?.();
    const { user, system } = process.cpuUsage();
    const { heapUsed, external, rss } = process.memoryUsage();
    const reading: Omit<Reading, "calls"> = {
      jobs,
      cpuMs: (user + system) / 1_000,
      wallMs: performance.now(),
      usedBytes: heapUsed + external,
      rssBytes: rss,
    };
    writeSync(3, `${JSON.stringify(reading)}\n`);
  };
}
