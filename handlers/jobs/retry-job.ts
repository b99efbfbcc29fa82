import { createHash } from "node:crypto";
import type { Access } from "@autoscaling-job-queues/domain/environment";
import { isTerminal, type StoredFile, type StoredJob } from "@autoscaling-job-queues/domain/job";
import { jobIdForRetry } from "@autoscaling-job-queues/domain/job-id";
import type { JobTypeRegistry } from "@autoscaling-job-queues/domain/job-type-registry";
import { isInputOf, payloadKeys } from "@autoscaling-job-queues/domain/payload";
import type { PayloadStore } from "@autoscaling-job-queues/domain/payload-store";
import { TRACE_PARENT_HEADER, traced } from "@autoscaling-job-queues/domain/trace-parent";
import type { Answer } from "../http/api-handler.ts";
import { Problem } from "../http/problem.ts";
import { onlyOwner, requestedJobId, visibleJob } from "./access.ts";
import { type AddOnceDependencies, addOnce, type JobPayload } from "./add-once.ts";
import { findJobType } from "./find-job-type.ts";
import { isGone, isOwnObject } from "./own-objects.ts";
import { slowCopy } from "./slow-copy.ts";

export interface RetryJobDependencies extends AddOnceDependencies {
  readonly registry: Pick<JobTypeRegistry, "get">;
  readonly payloads: Pick<PayloadStore, "copy" | "copyFile">;
  readonly resultsBucket: string;
  readonly access: Access;
}

/**
 * `POST /jobs/{id}/retry`: adds a job with the input, files, tags, group and owner of one that has ended, whatever its end; the settings are
 * those that its type has now. Its ID derives from the job's, so a repeated request finds the job that the first one added. A large input
 * and files are copied: the bucket deletes what is old, whoever needs it.
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
      follows: traced(job.traceparent).traceparent,
      ...traced(request.headers.get(TRACE_PARENT_HEADER)),
      requestHash: createHash("sha256").update(id).digest("hex"),
      jobType,
      mayExist: true,
      payload: (writeId: string) => copyPayload(job, { id, writeId }, dependencies),
    };
    return await addOnce(asked, dependencies);
  };
}

/**
 * @throws Problem 409 where a large input or a file is not stored as the job's own: it was erased, was replaced, or never was; 503 where
 * S3 does not copy them in time.
 */
async function copyPayload(
  job: StoredJob,
  { id, writeId }: { readonly id: string; readonly writeId: string },
  { payloads, resultsBucket: bucket }: Pick<RetryJobDependencies, "payloads" | "resultsBucket">,
): Promise<JobPayload> {
  const { type, input, inputLocation, files = {} } = job;
  const detail = `what job ${job.id} began with is not stored any more, so it cannot be retried; add it as a new job`;
  const gone = new Problem("JobInputGone", detail);
  if (inputLocation !== undefined && !isOwnObject(inputLocation, { bucket, folder: "inputs", job })) throw gone;
  if (!Object.values(files).every(({ key }) => isInputOf(job, key))) throw gone;
  const copyFile = async ([name, file]: [string, StoredFile]) =>
    [name, await payloads.copyFile(file, payloadKeys.inputFile(type, id, writeId, name))] as const;
  try {
    const [location, copied] = await Promise.all([
      inputLocation && payloads.copy(inputLocation, payloadKeys.input(type, id, writeId)),
      Promise.all(Object.entries(files).map(copyFile)),
    ]);
    return {
      ...(location === undefined ? {} : { inputLocation: location }),
      ...(location !== undefined || input === undefined ? {} : { input }),
      ...(copied.length === 0 ? {} : { files: Object.fromEntries(copied) }),
    };
  } catch (error) {
    if (isGone(error)) throw gone;
    const objects = [...(inputLocation === undefined ? [] : [inputLocation]), ...Object.values(files)];
    const advice = "try again, or upload the files again and add a new job";
    throw slowCopy(error, objects, { what: `that job ${job.id} began with`, advice }) ?? error;
  }
}
