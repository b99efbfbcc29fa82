import type { RunOutcome } from "./runner.ts";

/**
 * Codes of what is this machine's fault, and would befall every attempt here: no thread, process, file or memory is to be had.
 * A file that is missing or may not be read is the image's fault, and would be missed elsewhere too.
 */
const CODES: ReadonlySet<unknown> = new Set([
  "ERR_WORKER_INIT_FAILED",
  "EAGAIN",
  "EMFILE",
  "ENFILE",
  "ENOMEM",
  "ENOSPC",
  "EDQUOT",
  "EIO",
  "EROFS",
]);

/** The outcome of an attempt that this machine keeps from beginning; undefined where the error is not the machine's. */
export function machineFailure(error: unknown): Extract<RunOutcome, { kind: "notBegun" }> | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, message } = error as NodeJS.ErrnoException;
  return CODES.has(code) ? { kind: "notBegun", code: String(code), message } : undefined;
}
