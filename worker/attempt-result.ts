import type { StoredJob } from "@autoscaling-job-queues/domain/job";
import { MAX_RESULT_BYTES } from "@autoscaling-job-queues/domain/limits";
import { fitsItem, payloadKeys } from "@autoscaling-job-queues/domain/payload";
import type { PayloadStore } from "@autoscaling-job-queues/domain/payload-store";
import type { TransitionValues } from "@autoscaling-job-queues/domain/transitions";
import { failure, handlerFailure } from "./runners/handler-failure.ts";
import { resultTooLarge } from "./runners/result-json.ts";
import type { RunOutcome } from "./runners/runner.ts";
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
  if (Buffer.byteLength(json) > MAX_RESULT_BYTES) return { outcome: handlerFailure(resultTooLarge()), values: {} };
  if (fitsItem(json)) return { outcome, values: { result: json } };
  try {
    const key = payloadKeys.result(job.type, job.id, job.attempt);
    const resultLocation = await tryAgain(() => payloads.put(key, json, "application/json"), { giveUpMs });
    return { outcome, values: { resultLocation } };
  } catch (error) {
    return { outcome: failure("ResultNotStored", `the result could not be stored: ${(error as Error).message}`), values: {} };
  }
}
