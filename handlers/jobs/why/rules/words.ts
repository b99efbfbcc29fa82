import type { LastWords } from "@autoscaling-job-queues/domain/last-words";
import type { Evidence } from "../evidence.ts";

/** What workers last said, while it holds. */

/** Words older than this are of another time. */
const FRESH_MS = 15 * 60_000;

/** Of a worker that runs and took a job up, whose attempt it could not begin; any other at its start ended the worker (operations.md). */
const NOT_BEGUN: ReadonlySet<string> = new Set([
  ...["HandlerNotLoaded", "ThreadNotStarted", "ThreadNotEnded", "RunnerFailed"],
  ...["CommandNotStarted", "NoFilesFolder", "ProcessesLeft"],
  ...["EAGAIN", "EDQUOT", "EMFILE", "ENFILE", "ENOMEM", "ENOSPC", "ERR_WORKER_INIT_FAILED"],
]);

/** Words of workers that still hold: later than the last sign of a worker that did what they say none can do. */
export function standingWords({ words, now, recent }: Pick<Evidence, "words" | "now" | "recent">): LastWords | undefined {
  if (!words || recent === undefined) return undefined;
  const at = Date.parse(words.at);
  const didAt = (words.kind === "claim" ? recent.claimedAt : recent.endedAt) ?? 0;
  return now - at < FRESH_MS && at > didAt ? words : undefined;
}

/** Whether they are of a worker that could not start. */
export function isOfStart({ kind, error }: LastWords): boolean {
  return kind === "start" && !NOT_BEGUN.has(error.code);
}
