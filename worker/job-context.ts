import { PermanentError } from "@autoscaling-job-queues/domain/errors";
import { checkMediaType } from "@autoscaling-job-queues/domain/media-type";
import type { Job, JobContext, JobLogger } from "./define-job.ts";
import { handlerFailure } from "./handler-failure.ts";
import { handlerInput } from "./handler-input.ts";
import { logDetails, logMessage } from "./log-details.ts";
import { resultJson } from "./result-json.ts";
import type { Run, RunOutcome } from "./runner.ts";

/** `.` and `..` would lead out of the attempt's folder, for whoever follows a link. */
const FILE_NAME = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,128}$/;

/** A run without its kill signal: what reaches the place where the handler runs. */
export type HandlerRun = Omit<Run, "kill">;

/**
 * Checks the name of a file that a job stores.
 *
 * @throws PermanentError when it is not 1 to 128 letters, digits, dots, hyphens or underscores.
 */
export function checkFileName(name: string): void {
  if (!FILE_NAME.test(name)) {
    throw new PermanentError(`file name ${JSON.stringify(name)}; allowed: 1 to 128 letters, digits, dots, hyphens, underscores`, {
      code: "InvalidFileName",
    });
  }
}

/**
 * Checks the fraction of a progress report.
 *
 * @throws PermanentError when it is not a number from 0 to 1.
 */
export function checkFraction(fraction: number): void {
  if (typeof fraction !== "number" || !(fraction >= 0 && fraction <= 1)) {
    throw new PermanentError(`progress ${fraction}; allowed: a fraction from 0 to 1`, { code: "InvalidProgress" });
  }
}

/** What a handler gets beside its input. */
export function jobContext(run: HandlerRun): JobContext {
  const log =
    (level: keyof JobLogger): JobLogger[keyof JobLogger] =>
    (message, details) =>
      run.log(level, logMessage(message), details === undefined ? undefined : logDetails(details));
  return {
    id: run.id,
    attempt: run.attempt,
    signal: run.signal,
    logger: { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") },
    progress: async (fraction, message) => {
      run.signal.throwIfAborted();
      checkFraction(fraction);
      // Not every handler is type-checked; other values would fail later, away from it.
      run.progress(fraction, message === undefined ? undefined : String(message));
    },
    putFile: async (name, content, contentType) => {
      run.signal.throwIfAborted();
      checkFileName(name);
      checkMediaType(contentType);
      return await run.putFile(name, content, contentType);
    },
  };
}

/** Parses a handler's input, calls it, and turns whatever it returns or throws into an outcome; never throws. */
export async function callHandler(job: Job, run: HandlerRun): Promise<RunOutcome> {
  try {
    const result = await job.handler(await handlerInput(job.jobType, run.input), jobContext(run));
    return { kind: "returned", json: resultJson(result) };
  } catch (thrown) {
    return handlerFailure(thrown);
  }
}
