import { PermanentError } from "@autoscaling-job-queues/domain/errors";
import { unkeptNumbers } from "@autoscaling-job-queues/domain/json-number";
import { MAX_CHECKPOINT_BYTES } from "@autoscaling-job-queues/domain/limits";
import { JsonTooLargeError, losslessJson } from "./lossless-json.ts";

/**
 * Writes a checkpoint as the JSON text that a later attempt reads.
 *
 * @throws PermanentError `CheckpointNotSerializable` with the path of what JSON would lose (see `losslessJson`), or what
 * `JSON.parse` would change, or `CheckpointTooLarge`.
 */
export function checkpointJson(value: unknown): string {
  let json: string | undefined;
  try {
    json = losslessJson(value, "checkpoint", MAX_CHECKPOINT_BYTES);
  } catch (error) {
    throw error instanceof JsonTooLargeError ? tooLarge() : notSerializable((error as Error).message, error);
  }
  if (json === undefined) throw notSerializable("undefined at /checkpoint");
  if (Buffer.byteLength(json) > MAX_CHECKPOINT_BYTES) throw tooLarge();
  const [unkept] = unkeptNumbers(json, 1);
  if (unkept !== undefined) throw notSerializable(`a number at /checkpoint${unkept.path}: ${unkept.message}`);
  return json;
}

function notSerializable(what: string, cause?: unknown): PermanentError {
  return new PermanentError(`the checkpoint is not JSON: ${what}`, { code: "CheckpointNotSerializable", cause });
}

function tooLarge(): PermanentError {
  const message = `the checkpoint has more than ${MAX_CHECKPOINT_BYTES} bytes of JSON. Store what it holds with job.putFile instead`;
  return new PermanentError(message, { code: "CheckpointTooLarge" });
}
