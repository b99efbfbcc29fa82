import { ownerGroup } from "@autoscaling-job-queues/domain/group-id";
import { jobIdForKey } from "@autoscaling-job-queues/domain/job-id";
import type { JobTypeRegistry } from "@autoscaling-job-queues/domain/job-type-registry";
import { fitsItem, payloadKeys } from "@autoscaling-job-queues/domain/payload";
import type { PayloadStore } from "@autoscaling-job-queues/domain/payload-store";
import type { Answer } from "../http/api-handler.ts";
import type { Validator } from "../http/validator.ts";
import { requirePrincipal } from "./access.ts";
import { type AddOnceDependencies, addOnce } from "./add-once.ts";
import { findFiles } from "./job-files.ts";
import { readAddJob } from "./read-add-job.ts";
import { requestHash } from "./request-hash.ts";

export interface AddJobDependencies extends AddOnceDependencies {
  readonly registry: Pick<JobTypeRegistry, "get">;
  readonly payloads: Pick<PayloadStore, "put" | "findFile">;
  readonly validator: Validator;
  readonly newJobId: (type: string, now: number) => string;
}

/** `POST /jobs`. */
export function addJob(dependencies: AddJobDependencies): Answer {
  const { payloads, newJobId, now } = dependencies;
  return async (request) => {
    const owner = requirePrincipal(request);
    const { body, inputText, jobType, idempotencyKey: key } = await readAddJob(request, dependencies);
    const { type, files, delaySeconds, groupId = ownerGroup(owner), tags } = body;
    const id = key === undefined ? newJobId(type, now()) : jobIdForKey(type, owner, key);
    const asked = {
      id,
      owner,
      groupId,
      ...(tags === undefined ? {} : { tags }),
      ...(delaySeconds === undefined ? {} : { delaySeconds }),
      requestHash: requestHash(body, inputText),
      jobType,
      mayExist: key !== undefined,
      payload: async (writeId: string) => {
        const found = files === undefined ? undefined : await findFiles(files, { jobType, owner, payloads, now: now() });
        const input = fitsItem(inputText)
          ? { input: inputText }
          : { inputLocation: await payloads.put(payloadKeys.input(type, id, writeId), inputText, "application/json") };
        return { ...input, ...(found === undefined ? {} : { files: found }) };
      },
    };
    return await addOnce(asked, dependencies);
  };
}
