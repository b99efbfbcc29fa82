import type { StoredJob } from "@autoscaling-job-queues/domain/job";
import type { PayloadStore } from "@autoscaling-job-queues/domain/payload-store";
import { failure } from "./runners/handler-failure.ts";
import type { RunOutcome } from "./runners/runner.ts";

/** Reads the JSON text of a job's input from where it is kept. */
export async function readInput(
  job: StoredJob,
  payloads: Pick<PayloadStore, "getText">,
): Promise<{ readonly kind: "read"; readonly text: string } | Extract<RunOutcome, { kind: "failed" }>> {
  if (job.inputLocation === undefined) return { kind: "read", text: job.input ?? "null" };
  try {
    return { kind: "read", text: await payloads.getText(job.inputLocation) };
  } catch (error) {
    const { name, message } = error as Error;
    return failure("InputUnavailable", `the input could not be read from the bucket: ${name}: ${message}`);
  }
}
