import type { LogSource } from "../logs/log-source.ts";
import type { ReadLogs } from "./handle-request.ts";

/** Jobs whose lines are kept, so that each look reads only what is new. */
const KEPT_JOBS = 8;
/** Characters of one job that are kept: the newest lines. */
const KEPT_CHARACTERS = 2_000_000;

interface Followed {
  readonly source: LogSource;
  readonly lines: string[];
  characters: number;
  /** Looks follow one another, as each goes on where the last one ended. */
  last: Promise<unknown>;
}

/** Reads the logs of jobs again and again, as the page does that shows one. @param open finds where a job's lines are. */
export function followedLogs(open: (jobId: string, signal: AbortSignal) => Promise<LogSource>): ReadLogs {
  const jobs = new Map<string, Followed>();
  return async (jobId, signal) => {
    const followed = jobs.get(jobId) ?? { source: await open(jobId, signal), lines: [], characters: 0, last: Promise.resolve() };
    // The one that was asked for last is forgotten last.
    jobs.delete(jobId);
    jobs.set(jobId, followed);
    for (const oldest of jobs.keys()) if (jobs.size > KEPT_JOBS) jobs.delete(oldest);
    const look = followed.last.then(async () => await readOn(followed, signal));
    followed.last = look.catch(() => undefined);
    await look;
    return followed.lines;
  };
}

async function readOn(followed: Followed, signal: AbortSignal): Promise<void> {
  for await (const { text } of followed.source.newLines(signal)) {
    followed.lines.push(text);
    followed.characters += text.length;
    while (followed.characters > KEPT_CHARACTERS) followed.characters -= followed.lines.shift()?.length ?? 0;
  }
}
