import { MAX_DELAY_SECONDS } from "@autoscaling-job-queues/domain/limits";
import type { NewJob } from "@autoscaling-job-queues/domain/new-job";
import { readDateTime } from "../http/date-time.ts";
import { type PathError, quote } from "../http/problem.ts";
import type { AddJobBody } from "./add-job-body.ts";

/** When a job is to be due. @returns nothing for one that is due at once. */
export function dueTime({
  delaySeconds,
  runAt,
}: Pick<AddJobBody, "delaySeconds" | "runAt">): Pick<NewJob, "delaySeconds" | "runAt"> {
  // No job has finer times than milliseconds, and none starts early.
  const at = runAt === undefined ? undefined : Math.ceil(readDateTime(runAt) ?? 0);
  return {
    ...(delaySeconds === undefined ? {} : { delaySeconds }),
    ...(at === undefined ? {} : { runAt: at }),
  };
}

/**
 * What is wrong with the time of a job.
 *
 * @param body of whatever shape.
 * @param now epoch milliseconds; where it is not given, the time may be any.
 */
export function timeErrors(body: Partial<AddJobBody> | null, now?: number): PathError[] {
  const { delaySeconds, runAt } = body ?? {};
  if (typeof runAt !== "string") return [];
  const wrong = (message: string): PathError => ({ path: "/runAt", message });
  const errors = delaySeconds === undefined ? [] : [wrong("must not be given together with delaySeconds")];
  const at = readDateTime(runAt);
  if (at === undefined) {
    const shown = "must be a time with its distance from UTC, such as 2026-12-24T18:00:00+01:00 or 2026-12-24T17:00:00Z";
    return [...errors, wrong(`${shown}, not ${quote(runAt)}`)];
  }
  if (now === undefined) return errors;
  const latest = now + MAX_DELAY_SECONDS * 1_000;
  if (at < now) return [...errors, wrong(`must not be in the past: it is ${isoTime(now)}`)];
  if (at > latest)
    return [...errors, wrong(`must be at most ${MAX_DELAY_SECONDS / 86_400} days ahead, until ${isoTime(latest)}`)];
  return errors;
}

/** Whose clock is wrong, or who meant another zone, sees it. */
function isoTime(at: number): string {
  return new Date(at).toISOString();
}
