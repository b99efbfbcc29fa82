import type { PayloadLocation, StoredJob } from "@autoscaling-job-queues/domain/job";
import type { PayloadStore } from "@autoscaling-job-queues/domain/payload-store";
import { failure } from "./runners/handler-failure.ts";
import type { RunOutcome } from "./runners/runner.ts";

/** What an attempt begins with, as JSON text. */
export interface AttemptInput {
  readonly kind: "read";
  /** The input. */
  readonly text: string;
  /** The last checkpoint, where there is one. */
  readonly resumeFrom: string | undefined;
}

/** Reads a job's input and its checkpoint from where they are kept. */
export async function readInput(
  { input, inputLocation, checkpoint }: StoredJob,
  payloads: Pick<PayloadStore, "getText">,
): Promise<AttemptInput | Extract<RunOutcome, { kind: "failed" }>> {
  const read = async (what: string, value: string | PayloadLocation) => {
    if (typeof value === "string") return value;
    try {
      return await payloads.getText(value);
    } catch (error) {
      const { name, message } = error as Error;
      const code = what === "input" ? "InputUnavailable" : "CheckpointUnavailable";
      return failure(code, `the ${what} could not be read from the bucket: ${name}: ${message}`);
    }
  };
  const text = await read("input", inputLocation ?? input ?? "null");
  if (typeof text !== "string") return text;
  // Without its checkpoint an attempt would do again what is done.
  const resumeFrom = checkpoint && (await read("checkpoint", checkpoint.value));
  return typeof resumeFrom === "object" ? resumeFrom : { kind: "read", text, resumeFrom };
}
