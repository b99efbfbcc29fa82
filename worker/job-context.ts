import { PermanentError } from "@autoscaling-job-queues/domain/errors";
import { MAX_MESSAGE_CHARACTERS } from "@autoscaling-job-queues/domain/limits";
import { checkMediaType } from "@autoscaling-job-queues/domain/media-type";
import pLimit from "p-limit";
import type { Job, JobContext, JobLogger } from "./define-job.ts";
import { logDetails, logMessage } from "./log-details.ts";
import { fractionReader } from "./progress-fraction.ts";
import { handlerFailure } from "./runners/handler-failure.ts";
import { handlerInput } from "./runners/handler-input.ts";
import { resultJson } from "./runners/result-json.ts";
import type { Run, RunOutcome } from "./runners/runner.ts";

/** Each is in memory in part while it is stored. */
const FILES_AT_A_TIME = 4;
/** `.` and `..` would lead out of the attempt's folder, for clients that follow a link. */
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
    throw new PermanentError(
      `file name ${JSON.stringify(name)} is not allowed; use 1 to 128 letters, digits, dots, hyphens, underscores`,
      {
        code: "InvalidFileName",
      },
    );
  }
}

/** Why a handler can do nothing more for its job. */
function over(): PermanentError {
  return new PermanentError("the job has ended; nothing more can be done for it", { code: "JobOver" });
}

/**
 * What a handler gets beside its input.
 *
 * @param isOver whether the job has ended, and what its handler still does must have no effect.
 */
export function jobContext(run: HandlerRun, isOver: () => boolean = () => false): JobContext {
  const log =
    (level: keyof JobLogger): JobLogger[keyof JobLogger] =>
    (message, details) => {
      if (!isOver()) run.log(level, logMessage(message), details === undefined ? undefined : logDetails(details));
    };
  const check = (): void => {
    run.signal.throwIfAborted();
    if (isOver()) throw over();
  };
  const inTurn = pLimit(FILES_AT_A_TIME);
  const fraction = fractionReader((given) =>
    run.log("warn", "progress is not a number from 0 to 1; values beyond are clamped, anything but a number is left out", {
      given,
    }),
  );
  return {
    id: run.id,
    attempt: run.attempt,
    signal: run.signal,
    logger: { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") },
    progress: async (given, message) => {
      check();
      const read = fraction(given);
      // Not every handler is type-checked; other values would fail later, away from it. A thread copies what it sends.
      if (read !== undefined)
        run.progress(read, message === undefined ? undefined : String(message).slice(0, MAX_MESSAGE_CHARACTERS));
    },
    putFile: async (name, content, contentType) => {
      check();
      checkFileName(name);
      checkMediaType(contentType);
      return await inTurn(async () => {
        check();
        return await run.putFile(name, content, contentType);
      });
    },
  };
}

/**
 * Parses a handler's input, calls it, and turns whatever it returns or throws into an outcome; never throws.
 *
 * @param isLeft whether the attempt has ended without its handler, and what that still does must have no effect.
 */
export async function callHandler(job: Job, run: HandlerRun, isLeft: () => boolean = () => false): Promise<RunOutcome> {
  let isOver = false;
  try {
    const context = jobContext(run, () => isOver || isLeft());
    const result = await job.handler(await handlerInput(job.jobType, run.input), context);
    // A result may have getters of the handler's.
    isOver = true;
    return { kind: "returned", json: resultJson(result) };
  } catch (thrown) {
    return handlerFailure(thrown);
  } finally {
    isOver = true;
  }
}
