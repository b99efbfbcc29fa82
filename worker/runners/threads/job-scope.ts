import { AsyncLocalStorage } from "node:async_hooks";

/** What names an attempt in log lines. */
export interface JobKeys {
  readonly id: string;
  readonly type: string;
  readonly attempt: number;
  readonly traceparent?: string | undefined;
}

/** The attempt during which something happens, however late. */
export interface JobScope extends JobKeys {
  /** Takes an error that nothing caught: while the handler runs it ends the attempt, after that it is logged. */
  readonly stray: (thrown: unknown) => void;
}

/** Late errors that are logged, at most, of one thread or inline job: an interval may throw without end. */
export const MAX_STRAYS = 10;

/**
 * The async context of a job's handler. Timers, requests and rejections belong to the job in whose context they began, so that
 * what comes after a job's end is not taken for another's.
 */
export const jobScope = new AsyncLocalStorage<JobScope>();
