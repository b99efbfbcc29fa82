import type { RunOutcome } from "./runner.ts";

/**
 * Codes of what the machine lacks, not the job (errno(3)): every attempt would fail here, and none elsewhere. A file that is
 * missing, or that may not be read, is the image's fault, and would fail everywhere.
 */
const CODES: ReadonlySet<unknown> = new Set([
  ...["EAGAIN", "EDQUOT", "EMFILE", "ENFILE", "ENOMEM", "ENOSPC"],
  // Node's own, of a thread that the system does not start.
  "ERR_WORKER_INIT_FAILED",
]);

/**
 * The outcome of an attempt that this machine keeps from beginning; undefined where the error is not the machine's.
 *
 * @param code of the outcome. @default the error's
 */
export function machineFailure(error: unknown, code?: string): Extract<RunOutcome, { kind: "notBegun" }> | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code: cause, message } = error as NodeJS.ErrnoException;
  return CODES.has(cause) ? { kind: "notBegun", code: code ?? String(cause), message } : undefined;
}
