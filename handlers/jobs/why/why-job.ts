import type { Access } from "@autoscaling-job-queues/domain/environment";
import { isTerminal } from "@autoscaling-job-queues/domain/job";
import type { JobStore } from "@autoscaling-job-queues/domain/job-store";
import type { Answer } from "../../http/api-handler.ts";
import { jsonResponse } from "../../http/event.ts";
import { onlyOwner, requestedJobId, visibleJob } from "../access.ts";
import { findCause } from "./find-cause.ts";
import { NO_EVIDENCE, readType, type TypeSourceDependencies } from "./type-sources.ts";

export interface WhyJobDependencies extends TypeSourceDependencies {
  readonly store: Pick<JobStore, "get">;
  readonly access: Access;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** `GET /jobs/{id}/why`: the cause of where the job is, what shows it, and what to do. Only the job itself must be readable. */
export function whyJob(dependencies: WhyJobDependencies): Answer {
  const { store, access, now } = dependencies;
  return async (request) => {
    const id = requestedJobId(request);
    const owner = onlyOwner(request, access);
    const found = visibleJob(await store.get(id), { id, owner, now: now() });
    if (isTerminal(found)) return answer(findCause({ ...NO_EVIDENCE, job: found, now: now(), unread: [] }));
    const { evidence, unread } = await readType(dependencies, found.type, now());
    // Once more: what was read since would show a job that has moved on meanwhile in a wrong light.
    const job = visibleJob(await store.get(id), { id, owner, now: now() });
    return answer({ ...findCause({ ...evidence, job, now: now(), unread }), ...(unread.length === 0 ? {} : { unread }) });
  };
}

function answer(body: object) {
  return jsonResponse(200, JSON.stringify(body));
}
