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

export interface RetryJobDependencies extends AddOnceDependencies {
  readonly registry: Pick<JobTypeRegistry, "get">;
  readonly payloads: Pick<PayloadStore, "copy">;
  readonly access: Access;
}

/**
 * `POST /jobs/{id}/retry`: adds a job with the input, tags, group and owner of one that has ended, whatever its end; the settings are
 * those that its type has now. Its ID derives from the job's, so a repeated request finds the job that the first one added. A large input
 * is copied: the bucket deletes what is old, whoever needs it.
 */
export function retryJob(dependencies: RetryJobDependencies): Answer {
  const { store, registry, payloads, access, now } = dependencies;
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
      storeInput: (writeId: string) => copyInput(job, payloadKeys.input(type, id, writeId), payloads),
    };
    return await addOnce(asked, dependencies);
  };
}

async function copyInput(
  { input, inputLocation }: StoredJob,
  key: string,
  payloads: Pick<PayloadStore, "copy">,
): Promise<Pick<NewJob, "input" | "inputLocation">> {
  if (inputLocation !== undefined) return { inputLocation: await payloads.copy(inputLocation, key) };
  return input === undefined ? {} : { input };
}
