/**
 * Errors of this system carry a stable `code`, which callers and operators may rely on. Messages are for people: what
 * happened, to which job or setting, and what to do.
 */
export class JobQueueError extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** Thrown when a setting is missing or out of range: at synth, at build, or when a process starts. */
export class SettingsError extends JobQueueError {
  constructor(setting: string, given: unknown, allowed: string) {
    super("InvalidSetting", `${setting} is ${given === undefined ? "missing" : JSON.stringify(given)}; allowed: ${allowed}`);
  }
}

/**
 * Thrown by a job's handler when another attempt cannot help: the job fails at once. A subclass may set `code`.
 *
 * @example
 * ```ts
 * throw new PermanentError("the page has no text");
 * ```
 */
export class PermanentError extends JobQueueError {
  constructor(message: string, options?: ErrorOptions & { code?: string }) {
    super(options?.code ?? "PermanentError", message, options);
    this.name = "PermanentError";
  }
}

/**
 * Thrown by a job's handler to choose the delay before its next attempt, in seconds. It costs an attempt as any other failure
 * does. No attempt starts before the delay is over; a job that cannot end within 13 days of its addition fails (`JobExpired`).
 */
export class RetryAfterError extends JobQueueError {
  readonly seconds: number;
  constructor(seconds: number, message = `retry after ${seconds} s`, options?: ErrorOptions) {
    super("RetryAfter", message, options);
    this.name = "RetryAfterError";
    this.seconds = seconds;
  }
}

/** An error as a job stores it. */
export interface JobError {
  readonly code: string;
  readonly message: string;
}
