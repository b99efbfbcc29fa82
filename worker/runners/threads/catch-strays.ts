import { jobScope } from "./job-scope.ts";

export interface StrayListener {
  /** Thrown where nothing caught it; what it leaves undone is unknown. */
  readonly exception: (thrown: unknown) => void;
  readonly rejection: (reason: unknown) => void;
}

/**
 * Hears of every error of this process' thread that nothing caught. One that comes from a handler concerns its job, however late it
 * comes; the others are reported.
 */
export function catchStrays({ exception, rejection }: StrayListener): void {
  const deliver =
    (other: (thrown: unknown) => void) =>
    (thrown: unknown): void =>
      (jobScope.getStore()?.stray ?? other)(thrown);
  process.on("uncaughtException", deliver(exception));
  process.on("unhandledRejection", deliver(rejection));
}
