import { LAMBDA_TIMEOUT_SECONDS, MAX_WAIT_SECONDS } from "@autoscaling-job-queues/domain/limits";
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

/** From the start of a wait, within which its last read must be answered for the Lambda to answer within its timeout. */
const LAST_READ_MS = (LAMBDA_TIMEOUT_SECONDS - 1) * 1_000;

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

/**
 * Passes on what a read gives.
 *
 * @param readMs when the read began, in milliseconds since the wait did.
 * @throws Error "TimeoutError" where a read hangs so late that the Lambda would end before the client gives up.
 */
export async function readInTime<Value>(read: Promise<Value>, readMs: number): Promise<Value> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const limitMs = LAST_READ_MS - readMs;
  const timer = setTimeout(() => reject(new DOMException(`no answer within ${limitMs} ms`, "TimeoutError")), limitMs);
  try {
    return await Promise.race([read, late]);
  } finally {
    clearTimeout(timer);
  }
}
