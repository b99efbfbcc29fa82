import type { components } from "./openapi.ts";

/** Something wrong with one part of a request. */
export interface PathError {
  /** A JSON pointer into the body (`/input/op`), `?name` for a query parameter, or a header's name. */
  readonly path: string;
  readonly message: string;
}

/**
 * - `GatewayError`: API Gateway answered by itself; `status` says why (401 and 403: who calls; 413: the body; 429 and 503: too much).
 * - `UnexpectedAnswer`: something between here and the API answered, and not in JSON.
 * - `NetworkError`: no answer, at each try. Whether the call took effect is unknown; where it is repeated with the same key, it does no harm.
 * - `JobNotSucceeded`: the result or the files of a job that has none, as it has not ended or not SUCCEEDED.
 * - `DownloadFailed`, `UploadFailed`: S3 refused to hand out or to take a file.
 * - `CredentialsFailed`: what gives the credentials or the token threw (see `cause`), or gave nothing.
 * - `InvalidSetting`: the client was not told what it needs, or told what cannot be sent.
 */
export type ClientErrorCode =
  | "GatewayError"
  | "UnexpectedAnswer"
  | "NetworkError"
  | "JobNotSucceeded"
  | "DownloadFailed"
  | "UploadFailed"
  | "CredentialsFailed"
  | "InvalidSetting";

/** The API's own codes (`docs/api.md` lists them), those of this client, and whatever a newer API adds. */
export type ErrorCode = components["schemas"]["Problem"]["code"] | ClientErrorCode | (string & Record<never, never>);

export interface JobsApiErrorDetails {
  readonly code: ErrorCode;
  readonly status?: number | undefined;
  readonly errors?: readonly PathError[] | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly cause?: unknown;
}

/**
 * Thrown by every call that could not do what it is for, once trying again cannot help or has been tried often enough. A call that is
 * aborted throws its signal's reason instead.
 *
 * @example
 * ```ts
 * try {
 *   await jobs.add(reportJob, input);
 * } catch (error) {
 *   if (error instanceof JobsApiError && error.code === "InvalidInput") console.error(error.errors);
 *   else throw error;
 * }
 * ```
 */
export class JobsApiError extends Error {
  readonly code: ErrorCode;
  /** The HTTP status; undefined where there was no answer. */
  readonly status: number | undefined;
  /** What is wrong with the request, part by part; empty where the code says it all. */
  readonly errors: readonly PathError[];
  /** When the server asked to be tried again, in seconds from its answer. */
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, { code, status, errors = [], retryAfterSeconds, cause }: JobsApiErrorDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "JobsApiError";
    this.code = code;
    this.status = status;
    this.errors = errors;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
