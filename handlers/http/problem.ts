import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import type { ApiResponse } from "./event.ts";

/** The API's errors: a stable code, its HTTP status, and what it means. OpenAPI lists the same table. */
export const PROBLEMS = {
  InvalidJson: { status: 400, meaning: "the body is not JSON in UTF-8" },
  InvalidRequest: {
    status: 400,
    meaning: "the body, a header or a query parameter has the wrong shape, or two members have one name; see `errors`",
  },
  InvalidCursor: { status: 400, meaning: "the cursor was not issued for this query" },
  Unauthenticated: { status: 401, meaning: "the request names no principal" },
  JobNotFound: { status: 404, meaning: "no such job, or it has expired, or it is not the caller's" },
  BatchNotFound: { status: 404, meaning: "no such batch, or it has expired, or it is not the caller's" },
  UnknownJobType: { status: 404, meaning: "no such job type" },
  RouteNotFound: { status: 404, meaning: "no such path or method" },
  IdempotencyKeyReused: { status: 409, meaning: "the idempotency key belongs to another request" },
  JobTypeRetired: { status: 409, meaning: "the job type takes no more jobs" },
  JobNotEnded: { status: 409, meaning: "the job has not ended, so it cannot be retried" },
  JobInputGone: { status: 409, meaning: "the job's input is not stored any more, so it cannot be retried" },
  JobAlreadyEnded: { status: 409, meaning: "the job succeeded or failed before it could be cancelled" },
  FileTooLarge: { status: 413, meaning: "the file is larger than its job type takes; see `errors`" },
  BodyTooLarge: { status: 413, meaning: "the body is too large" },
  InvalidInput: {
    status: 422,
    meaning: "the input does not match the schema of its job type, or has numbers that its handler cannot hold; see `errors`",
  },
  InvalidFiles: {
    status: 422,
    meaning: "a file is not declared by the job type, not uploaded, too old, or not as the job type asks; see `errors`",
  },
  InternalError: { status: 500, meaning: "something is broken; whether the request took effect is unknown" },
  Unavailable: { status: 503, meaning: "a service is overloaded or slow; whether the request took effect is unknown: try again" },
} as const satisfies Record<string, { readonly status: number; readonly meaning: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** Something wrong with one part of a request. */
export interface PathError {
  /** A JSON pointer into the body, `?name` for a query parameter, or a header's name. */
  readonly path: string;
  readonly message: string;
}

/** Errors in one answer, at most: enough to correct a request, and a bound to what one request costs. */
export const MAX_ERRORS = 100;

/** The statuses' names (RFC 9110). Node has them too, but `node:http` takes longer to load than all of this bundle. */
const TITLES = {
  400: "Bad Request",
  401: "Unauthorized",
  404: "Not Found",
  409: "Conflict",
  413: "Content Too Large",
  422: "Unprocessable Content",
  500: "Internal Server Error",
  503: "Service Unavailable",
} as const;

const LONGEST_PATH = 256;
const LONGEST_VALUE = 100;

interface ProblemDetails {
  readonly errors?: readonly PathError[];
  /** Seconds after which another try may succeed. */
  readonly retryAfterSeconds?: number;
}

/** Thrown for a request that is answered with an error. Its message is for the caller. */
export class Problem extends JobQueueError {
  declare readonly code: ProblemCode;
  readonly details: ProblemDetails;

  constructor(code: ProblemCode, message: string, details: ProblemDetails = {}) {
    super(code, message);
    this.details = details;
  }
}

/** The answer to a problem: `application/problem+json` (RFC 9457). `about:blank` says that the status tells the type. */
export function problemResponse({ code, message, details: { errors, retryAfterSeconds } }: Problem): ApiResponse {
  const { status } = PROBLEMS[code];
  return {
    statusCode: status,
    headers: {
      "content-type": "application/problem+json",
      ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
    },
    body: JSON.stringify({
      type: "about:blank",
      title: TITLES[status],
      status,
      code,
      detail: message,
      ...(errors === undefined
        ? {}
        : { errors: errors.slice(0, MAX_ERRORS).map(({ path, message }) => ({ path: cut(path, LONGEST_PATH), message })) }),
    }),
  };
}

/** A caller's value as a message may repeat it: JSON, and short. */
export function quote(value: unknown): string {
  return cut(JSON.stringify(typeof value === "string" ? cut(value, LONGEST_VALUE) : value) ?? "nothing", LONGEST_VALUE);
}

/** A text of which no more than so many characters are left, none of them half of a pair. */
export function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
