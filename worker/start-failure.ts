import { failure } from "./handler-failure.ts";
import type { RunOutcome } from "./runner.ts";

/** The machine, and not the job, lacks what a process needs (errno(3)): no attempt can begin here. */
const MACHINE = new Set(["EAGAIN", "ENOMEM", "EMFILE", "ENFILE", "ENOSPC", "EDQUOT"]);

/** The image has no such program, or none that its user may run: no attempt can begin anywhere. */
const IMAGE: Readonly<Record<string, string>> = {
  ENOENT: "CommandNotFound",
  ENOTDIR: "CommandNotFound",
  EACCES: "CommandNotExecutable",
  EISDIR: "CommandNotExecutable",
};

/** How an attempt ends whose command the system did not start. */
export function startFailure({ code = "", message }: NodeJS.ErrnoException): RunOutcome {
  if (MACHINE.has(code)) return { kind: "notBegun", code: "CommandNotStarted", message };
  const wrongImage = IMAGE[code];
  return failure(wrongImage ?? "CommandFailed", message, wrongImage !== undefined);
}
