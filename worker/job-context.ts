import { PermanentError } from "@autoscaling-job-queues/domain/errors";
import type { JobFile } from "@autoscaling-job-queues/domain/job";
import { MAX_MESSAGE_CHARACTERS } from "@autoscaling-job-queues/domain/limits";
import { checkMediaType } from "@autoscaling-job-queues/domain/media-type";
import pLimit from "p-limit";
import type { Job, JobContext, JobLogger } from "./define-job.ts";
import { fileStream } from "./file-stream.ts";
import { logDetails, logMessage } from "./log-details.ts";
import { fractionReader } from "./progress-fraction.ts";
import { checkpointJson } from "./runners/checkpoint-json.ts";
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

/** A file that the job was added with. @throws PermanentError "NoSuchFile". */
function given({ files }: HandlerRun, name: string): JobFile {
  const file = Object.hasOwn(files, name) ? files[name] : undefined;
  if (file !== undefined) return file;
  const names = Object.keys(files).join(", ") || "none";
  throw new PermanentError(`the job has no file ${JSON.stringify(name)}; it was added with ${names}`, { code: "NoSuchFile" });
}

/** Why a handler can do nothing more for its job. */
function over(): PermanentError {
  return new PermanentError("the job has ended; nothing more can be done for it", { code: "JobOver" });
}

/** Hands checkpoints on; in a job that is aborted it then throws the reason. */
function checkpointStorer({ checkpoint, signal }: HandlerRun): (json: string) => Promise<void> {
  let last: { readonly written: Promise<void>; readonly heard: Promise<void> } | undefined;
  return (json) => {
    const written = checkpoint(json);
    // Those that wait for one write share a promise: a handler that does not wait for any fills no memory.
    if (last?.written !== written) {
      last = { written, heard: written.then(() => signal.throwIfAborted()) };
      // It goes on though one is not stored.
      last.heard.catch(() => {});
    }
    return last.heard;
  };
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
  const store = checkpointStorer(run);
  const inTurn = pLimit(FILES_AT_A_TIME);
  const fraction = fractionReader((given) =>
    run.log("warn", "progress is not a number from 0 to 1; values beyond are clamped, anything but a number is left out", {
      given,
    }),
  );
  return {
    id: run.id,
    attempt: run.attempt,
    traceparent: run.traceparent,
    signal: run.signal,
    logger: { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") },
    progress: async (given, message) => {
      check();
      const read = fraction(given);
      // Not every handler is type-checked; other values would fail later, away from it. A thread copies what it sends.
      if (read !== undefined)
        run.progress(read, message === undefined ? undefined : String(message).slice(0, MAX_MESSAGE_CHARACTERS));
    },
    resumeFrom: run.resumeFrom === undefined ? undefined : JSON.parse(run.resumeFrom),
    checkpoint: (value) => {
      let json: string;
      try {
        if (isOver()) throw over();
        json = checkpointJson(value);
      } catch (error) {
        return Promise.reject(error);
      }
      return store(json);
    },
    files: run.files,
    openFile: async (name) => {
      check();
      return fileStream(given(run, name).bytes, async (start) => {
        check();
        return await run.readFile(name, start);
      });
    },
    filePath: async (name) => {
      check();
      given(run, name);
      return await run.saveFile(name);
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
