import { PermanentError } from "@autoscaling-job-queues/domain/errors";
import { MAX_RESULT_BYTES } from "@autoscaling-job-queues/domain/limits";
import { JsonTooLargeError, losslessJson } from "./lossless-json.ts";

/**
 * Writes what a handler returned as the JSON text that the job's callers read.
 *
 * @returns undefined where it returned nothing.
 * @throws PermanentError `ResultNotSerializable` with the path of what JSON would lose (see `losslessJson`), or `ResultTooLarge`.
 */
export function resultJson(result: unknown): string | undefined {
  try {
    return losslessJson(result, "result");
  } catch (error) {
    if (error instanceof JsonTooLargeError) throw resultTooLarge();
    throw new PermanentError(`the result is not JSON: ${(error as Error).message}`, {
      code: "ResultNotSerializable",
      cause: error,
    });
  }
}

export function resultTooLarge(): PermanentError {
  const message = `the result has more than ${MAX_RESULT_BYTES} bytes of JSON. Store it with job.putFile instead`;
  return new PermanentError(message, { code: "ResultTooLarge" });
}
