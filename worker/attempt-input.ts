import type { StoredJob } from "@autoscaling-job-queues/domain/job";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import type { PayloadStore } from "@autoscaling-job-queues/domain/payload-store";
import { failure } from "./handler-failure.ts";
import type { RunOutcome } from "./runner.ts";

/** Reads and parses a job's input. One that misses the schema fails the job for good: no attempt can change it. */
export async function readInput(
  job: StoredJob,
  jobType: Pick<JobType, "input">,
  payloads: Pick<PayloadStore, "getJson">,
): Promise<{ readonly kind: "parsed"; readonly value: unknown } | Extract<RunOutcome, { kind: "failed" }>> {
  let input = job.input;
  try {
    if (job.inputLocation !== undefined) input = await payloads.getJson(job.inputLocation);
  } catch (error) {
    const { name, message } = error as Error;
    return failure("InputUnavailable", `the input could not be read from the bucket: ${name}: ${message}`);
  }
  try {
    const parsed = await jobType.input.safeParseAsync(input);
    if (parsed.success) return { kind: "parsed", value: parsed.data };
    const issues = parsed.error.issues.map(({ path, message }) => `/${path.map(String).join("/")}: ${message}`);
    return failure("InvalidInput", `the input misses the job type's schema: ${issues.join("; ")}`, true);
  } catch (error) {
    // A transform or refinement of the schema threw.
    return failure("InvalidInput", `the job type's schema could not read the input: ${(error as Error).message}`, true);
  }
}
