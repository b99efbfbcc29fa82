import type { Reading } from "./consumer-process.ts";

/** What a job took of a consumer, on the average between its first reading and its last. */
export interface PerJob {
  readonly cpuMs: number;
  readonly jobsPerSecond: number;
  readonly calls: number;
}

export function perJob(readings: readonly Reading[]): PerJob {
  const [first, last] = [readings[0], readings.at(-1)];
  if (first === undefined || last === undefined || first === last) throw new Error("a consumer gave too few readings");
  const jobs = last.jobs - first.jobs;
  return {
    cpuMs: (last.cpuMs - first.cpuMs) / jobs,
    jobsPerSecond: jobs / ((last.wallMs - first.wallMs) / 1_000),
    calls: (last.calls - first.calls) / jobs,
  };
}

export function shownPerJob({ cpuMs, jobsPerSecond, calls }: PerJob): string {
  return `${jobsPerSecond.toFixed(0)} jobs/s, ${cpuMs.toFixed(2)} ms CPU and ${calls.toFixed(2)} calls a job`;
}
