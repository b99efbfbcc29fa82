import { createHash } from "node:crypto";
import type { Access } from "@autoscaling-job-queues/domain/environment";
import { isTerminal, type StoredJob } from "@autoscaling-job-queues/domain/job";
import { jobIdForRetry } from "@autoscaling-job-queues/domain/job-id";
import type { JobTypeRegistry } from "@autoscaling-job-queues/domain/job-type-registry";
import type { NewJob } from "@autoscaling-job-queues/domain/new-job";
import { payloadKeys } from "@autoscaling-job-queues/domain/payload";
import type { PayloadStore } from "@autoscaling-job-queues/domain/payload-store";
import type { Answer } from "../http/api-handler.ts";
import { Problem } from "../http/problem.ts";
import { onlyOwner, requestedJobId, visibleJob } from "./access.ts";
import { type AddOnceDependencies, addOnce } from "./add-once.ts";
import { findJobType } from "./job-types.ts";
import { isGone, isOwnObject } from "./own-objects.ts";

export interface RetryJobDependencies extends AddOnceDependencies {
  readonly registry: Pick<JobTypeRegistry, "get">;
  readonly payloads: Pick<PayloadStore, "copy">;
  readonly resultsBucket: string;
  readonly access: Access;
}

/**
 * `POST /jobs/{id}/retry`: adds a job with the input, tags, group and owner of one that has ended, whatever its end; the settings are
 * those that its type has now. Its ID derives from the job's, so a repeated request finds the job that the first one added. A large input
 * is copied: the bucket deletes what is old, whoever needs it.
 */
export function retryJob(dependencies: RetryJobDependencies): Answer {
  const { store, registry, access, now } = dependencies;
  return async (request) => {
    const jobId = requestedJobId(request);
    const only = onlyOwner(request, access);
    const job = visibleJob(await store.get(jobId), { id: jobId, owner: only, now: now() });
    if (!isTerminal(job)) {
      throw new Problem("JobNotEnded", `job ${jobId} is ${job.status}; only a job that has ended can be retried`);
    }
    const { type, owner, groupId, tags } = job;
    const jobType = await findJobType(registry, type);
    if (jobType === undefined) throw new Problem("UnknownJobType", `job type ${type} is not deployed any more`);
    const id = jobIdForRetry(job);
    const asked = {
      id,
      owner,
      ...(groupId === undefined ? {} : { groupId }),
      ...(tags === undefined ? {} : { tags }),
      retryOf: jobId,
      requestHash: createHash("sha256").update(id).digest("hex"),
      jobType,
      mayExist: true,
      storeInput: (writeId: string) => copyInput(job, payloadKeys.input(type, id, writeId), dependencies),
    };
    return await addOnce(asked, dependencies);
  };
}

/** @throws Problem 409 where a large input is not stored as the job's own: it was erased, or never was. */
async function copyInput(
  job: StoredJob,
  key: string,
  { payloads, resultsBucket: bucket }: Pick<RetryJobDependencies, "payloads" | "resultsBucket">,
): Promise<Pick<NewJob, "input" | "inputLocation">> {
  const { id, input, inputLocation } = job;
  if (inputLocation === undefined) return input === undefined ? {} : { input };
  const gone = new Problem(
    "JobInputGone",
    `the input of job ${id} is not stored any more, so it cannot be retried; add it as a new job`,
  );
  if (!isOwnObject(inputLocation, { bucket, folder: "inputs", job })) throw gone;
  try {
    return { inputLocation: await payloads.copy(inputLocation, key) };
  } catch (error) {
    throw isGone(error) ? gone : error;
  }
}
