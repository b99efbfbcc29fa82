import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import type { Job } from "../../define-job.ts";
import { handlerFailure } from "../handler-failure.ts";
import { machineFailure } from "../machine-errors.ts";
import type { RunOutcome } from "../runner.ts";

/**
 * Loads a handler's module.
 *
 * @throws JobQueueError "HandlerNotLoaded", with the reason as its cause, where the module throws or does not export a job.
 */
export async function loadJob(handlerUrl: string): Promise<Job> {
  let loaded: { readonly default?: Partial<Job> };
  try {
    loaded = (await import(handlerUrl)) as typeof loaded;
  } catch (cause) {
    throw notLoaded(`the handler's module cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
  if (typeof loaded.default?.handler !== "function") throw notLoaded("the default export of job.ts is not what defineJob makes");
  return loaded.default as Job;
}

/**
 * What becomes of an attempt whose handler cannot be loaded. It costs the attempt, since a module that is wrong is wrong in every
 * worker; where this machine could not read it, it costs none.
 */
export function notLoadedOutcome(error: unknown): RunOutcome {
  return machineFailure(error instanceof Error ? error.cause : undefined) ?? handlerFailure(error);
}

function notLoaded(message: string, cause?: unknown): JobQueueError {
  return new JobQueueError("HandlerNotLoaded", message, cause === undefined ? {} : { cause });
}
