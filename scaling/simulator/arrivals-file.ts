import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import { MAX_TIMEOUT_SECONDS } from "@autoscaling-job-queues/domain/limits";
import type { Arrival, Pattern } from "./arrivals.ts";

/** Seconds that are looked at after the last arrival. */
const AFTER_SECONDS = 600;
/** More jobs are hours of computing. */
const MOST_JOBS = 200_000;
/** A month: what is further on is no time since the start, such as seconds since 1970. */
const MOST_AT = 31 * 86_400;

/**
 * Reads arrivals: one job a line, its time in seconds since the start and, after a comma, how long it runs, where that is known. Empty lines and
 * those that begin with `#` are left out.
 *
 * @param name of the file, in errors.
 * @throws JobQueueError "InvalidArrivals", with the line.
 */
export function arrivalsPattern(name: string, text: string): Pattern {
  const jobs = text.split(/\r?\n/).flatMap((line, index) => {
    const trimmed = line.trim();
    return trimmed === "" || trimmed.startsWith("#") ? [] : [readLine(trimmed, `${name}, line ${index + 1}`)];
  });
  if (jobs.length === 0) throw invalid(`${name} has no arrivals; ${ALLOWED}`);
  if (jobs.length > MOST_JOBS) throw invalid(`${name} has ${jobs.length} arrivals; allowed are at most ${MOST_JOBS}`);
  jobs.sort((one, other) => one.at - other.at);
  return {
    name,
    description: `${jobs.length} jobs of a file`,
    afterRest: true,
    until: (jobs.at(-1)?.at ?? 0) + AFTER_SECONDS,
    arrivals: (random, jobSeconds): readonly Arrival[] =>
      jobs.map(({ at, seconds }) => ({ at, seconds: seconds ?? Math.max(0.1, random.logNormal(jobSeconds, 1)) })),
  };
}

const ALLOWED = "a line is <seconds since the start>[,<seconds that the job runs>], such as 12.5,30";

function readLine(line: string, where: string): { readonly at: number; readonly seconds?: number } {
  const cells = line.split(",").map((cell) => cell.trim());
  const [at = Number.NaN, seconds] = cells.map((cell) => (/^\d+(\.\d+)?$/.test(cell) ? Number(cell) : Number.NaN));
  if (cells.length > 2 || Number.isNaN(at) || Number.isNaN(seconds ?? 0))
    throw invalid(`${where}: ${JSON.stringify(line)}; ${ALLOWED}`);
  if (at > MOST_AT) throw invalid(`${where}: ${at} s since the start; allowed are at most ${MOST_AT}, a month`);
  if (seconds === undefined) return { at };
  if (seconds === 0) throw invalid(`${where}: a job of 0 s; ${ALLOWED}`);
  if (seconds > MAX_TIMEOUT_SECONDS)
    throw invalid(`${where}: a job of ${seconds} s; allowed are at most ${MAX_TIMEOUT_SECONDS}, a week`);
  return { at, seconds };
}

function invalid(message: string): JobQueueError {
  return new JobQueueError("InvalidArrivals", message);
}
