import type { StoredJob } from "@autoscaling-job-queues/domain/job";
import { MAX_ITEM_PAYLOAD_BYTES, MAX_RESULT_BYTES } from "@autoscaling-job-queues/domain/limits";
import { fitsItem, payloadKeys } from "@autoscaling-job-queues/domain/payload";
import type { PayloadStore } from "@autoscaling-job-queues/domain/payload-store";
import type { TransitionValues } from "@autoscaling-job-queues/domain/transitions";
import { failure } from "./handler-failure.ts";
import type { RunOutcome } from "./runner.ts";
import { tryAgain } from "./try-again.ts";

/**
 * Puts a result where it is to be read: small ones go into the item with the commit, others to S3 before it, so that a
 * committed pointer always points at something.
 */
export async function storeResult(
  job: Pick<StoredJob, "id" | "type" | "attempt">,
  outcome: RunOutcome,
  payloads: Pick<PayloadStore, "put">,
  giveUpMs: number,
): Promise<{ readonly outcome: RunOutcome; readonly values: Pick<TransitionValues, "result" | "resultLocation"> }> {
  if (outcome.kind !== "returned" || outcome.json === undefined) return { outcome, values: {} };
  const { json } = outcome;
  const bytes = Buffer.byteLength(json);
  if (bytes > MAX_RESULT_BYTES) {
    const message = `the result has ${bytes} bytes of JSON; allowed: ${MAX_RESULT_BYTES}. Store it with job.putFile instead`;
    return { outcome: failure("ResultTooLarge", message, true), values: {} };
  }
  // Parsing a result of megabytes would hold the worker's thread for seconds, and take many times its memory.
  if (bytes <= MAX_ITEM_PAYLOAD_BYTES) {
    const result: unknown = JSON.parse(json);
    if (fitsItem(result, json)) return { outcome, values: { result } };
  }
  try {
    const key = payloadKeys.result(job.type, job.id, job.attempt);
    const resultLocation = await tryAgain(() => payloads.put(key, json, "application/json"), { giveUpMs });
    return { outcome, values: { resultLocation } };
  } catch (error) {
    return { outcome: failure("ResultNotStored", `the result could not be stored: ${(error as Error).message}`), values: {} };
  }
}
