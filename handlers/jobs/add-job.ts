import { ownerGroup } from "@autoscaling-job-queues/domain/group-id";
import type { StoredFile } from "@autoscaling-job-queues/domain/job";
import { jobIdForKey } from "@autoscaling-job-queues/domain/job-id";
import type { JobTypeRegistry } from "@autoscaling-job-queues/domain/job-type-registry";
import { fitsItem, type InputFolder, payloadKeys } from "@autoscaling-job-queues/domain/payload";
import type { PayloadStore } from "@autoscaling-job-queues/domain/payload-store";
import { TRACE_PARENT_HEADER, traced } from "@autoscaling-job-queues/domain/trace-parent";
import type { Answer } from "../http/api-handler.ts";
import type { Validator } from "../http/validator.ts";
import { requirePrincipal } from "./access.ts";
import { type AddOnceDependencies, addOnce } from "./add-once.ts";
import { dueTime, timeErrors } from "./due-time.ts";
import { findFiles } from "./job-files.ts";
import type { JobSchedules } from "./job-schedules.ts";
import { readAddJob } from "./read-add-job.ts";
import { wrongShape } from "./read-typed-body.ts";
import { requestHash } from "./request-hash.ts";
import { slowCopy } from "./slow-copy.ts";

export interface AddJobDependencies extends AddOnceDependencies {
  readonly schedules: Pick<JobSchedules, "put">;
  readonly registry: Pick<JobTypeRegistry, "get">;
  readonly payloads: Pick<PayloadStore, "put" | "findFile" | "copyFile">;
  readonly validator: Validator;
  readonly newJobId: (type: string, now: number) => string;
}

/** `POST /jobs`. */
export function addJob(dependencies: AddJobDependencies): Answer {
  const { payloads, newJobId, now } = dependencies;
  return async (request) => {
    const owner = requirePrincipal(request);
    const { body, inputText, jobType, idempotencyKey: key } = await readAddJob(request, dependencies);
    const { type, files, groupId = ownerGroup(owner), tags } = body;
    const due = dueTime(body);
    const id = key === undefined ? newJobId(type, now()) : jobIdForKey(type, owner, key);
    const asked = {
      id,
      owner,
      groupId,
      ...(tags === undefined ? {} : { tags }),
      ...traced(request.headers.get(TRACE_PARENT_HEADER)),
      ...due,
      requestHash: requestHash(body, inputText),
      jobType,
      mayExist: key !== undefined,
      payload: async (writeId: string, folder: InputFolder) => {
        // Under a key the time was let pass: the job might have been there.
        const late = key === undefined ? [] : timeErrors(body, now());
        if (late.length > 0) throw wrongShape(late);
        const found = files === undefined ? undefined : await findFiles(files, { jobType, owner, payloads, now: now() });
        const copy = (name: string, file: StoredFile) =>
          payloads.copyFile(file, payloadKeys.inputFile(type, id, writeId, name, folder));
        // Uploads are not kept for as long.
        const kept = found === undefined ? {} : { files: folder === "later" ? await copied(found, copy) : found };
        const input = fitsItem(inputText)
          ? { input: inputText }
          : { inputLocation: await payloads.put(payloadKeys.input(type, id, writeId, folder), inputText, "application/json") };
        return { ...input, ...kept };
      },
    };
    return await addOnce(asked, dependencies);
  };
}

/** @throws Problem 503 where S3 does not copy them in time. */
async function copied(
  files: Readonly<Record<string, StoredFile>>,
  copy: (name: string, file: StoredFile) => Promise<StoredFile>,
): Promise<Readonly<Record<string, StoredFile>>> {
  try {
    return Object.fromEntries(
      await Promise.all(Object.entries(files).map(async ([name, file]) => [name, await copy(name, file)])),
    );
  } catch (error) {
    const advice = "try again, or add the job, with smaller files, or at most a minute before it is due";
    throw slowCopy(error, Object.values(files), { what: "of the files of a job for later", advice }) ?? error;
  }
}
