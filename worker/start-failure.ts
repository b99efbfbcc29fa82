import { failure } from "./runners/handler-failure.ts";
import { machineFailure } from "./runners/machine-errors.ts";
import type { RunOutcome } from "./runners/runner.ts";

/** The image has no such program, or none that its user may run: no attempt can begin anywhere. */
const IMAGE: Readonly<Record<string, string>> = {
  ENOENT: "CommandNotFound",
  ENOTDIR: "CommandNotFound",
  EACCES: "CommandNotExecutable",
  EISDIR: "CommandNotExecutable",
};

/** How an attempt ends whose command the system did not start. */
export function startFailure(error: NodeJS.ErrnoException): RunOutcome {
  const wrongImage = IMAGE[error.code ?? ""];
  return (
    machineFailure(error, "CommandNotStarted") ?? failure(wrongImage ?? "CommandFailed", error.message, wrongImage !== undefined)
  );
}
