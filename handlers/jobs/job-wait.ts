import { MAX_WAIT_SECONDS } from "@autoscaling-job-queues/domain/limits";
import type { ROUTES } from "@autoscaling-job-queues/domain/routes";
import type { ApiRequest } from "../http/event.ts";
import { type PathError, Problem } from "../http/problem.ts";
import { queryNumber } from "../http/query-number.ts";

/** The query parameters of `GET /jobs/{id}`, with their JSON Schemas. */
export const WAIT_PARAMETERS = {
  waitSeconds: {
    schema: { type: "integer", minimum: 1, maximum: MAX_WAIT_SECONDS },
    description: "Answers as soon as the job has ended, or after so many seconds as it is then. Without it, at once.",
  },
} as const satisfies Readonly<Record<(typeof ROUTES.getJob.query)[number], object>>;

/** A read a second, at most: each is billed, and so is the Lambda that waits. */
const MIN_READ_MS = 1_000;

/** A job that has been waited for for long is looked at less often: its end is heard of within a fifth of that time. */
const SHARE = 1 / 5;

/** How long the Lambda waits for, in milliseconds; 0 where the request does not ask for it. @throws Problem 400 */
export function readWaitMs(request: ApiRequest): number {
  const errors: PathError[] = [];
  const seconds = queryNumber(request, "waitSeconds", WAIT_PARAMETERS.waitSeconds.schema, errors) ?? 0;
  if (errors.length > 0) throw new Problem("InvalidRequest", "the query has parameters that are out of range", { errors });
  return seconds * 1_000;
}

/**
 * When a job is read again, in milliseconds since its wait began. The last read is at the end of the wait, and the one before it no less
 * than a second earlier.
 *
 * @param readMs when it was read last.
 */
export function nextReadMs(readMs: number, waitMs: number): number {
  const next = readMs + Math.max(MIN_READ_MS, Math.floor(readMs * SHARE));
  return next + MIN_READ_MS > waitMs ? waitMs : next;
}
