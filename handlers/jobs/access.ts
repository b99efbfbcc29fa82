import type { Access } from "@autoscaling-job-queues/domain/environment";
import { isExpired, type StoredJob } from "@autoscaling-job-queues/domain/job";
import { isJobId, JOB_ID_RULE } from "@autoscaling-job-queues/domain/job-id";
import type { ApiRequest } from "../http/event.ts";
import { Problem, quote } from "../http/problem.ts";

/** @throws Problem 401 when no authorizer named a principal. */
export function requirePrincipal({ principal }: ApiRequest): string {
  if (principal === undefined) throw new Problem("Unauthenticated", "the authorizer of the request names no principal");
  return principal;
}

/** The principal whose jobs alone the caller sees, or undefined where every caller sees all jobs. */
export function onlyOwner(request: ApiRequest, access: Access): string | undefined {
  return access === "owner" ? requirePrincipal(request) : undefined;
}

/** The ID in the path. @throws Problem 404 when it is none. */
export function requestedJobId({ pathParameters: { id = "" } }: ApiRequest): string {
  if (isJobId(id)) return id;
  throw new Problem("JobNotFound", `${quote(id)} is not a job ID; a job ID is ${JOB_ID_RULE}`);
}

/** Passes a job that the caller may see. @throws Problem 404 when it does not exist, has expired, or belongs to another caller. */
export function visibleJob(
  job: StoredJob | undefined,
  { id, owner, now }: { readonly id: string; readonly owner: string | undefined; readonly now: number },
): StoredJob {
  if (job === undefined || isExpired(job, now) || (owner !== undefined && job.owner !== owner)) {
    throw new Problem("JobNotFound", `there is no job ${id}; finished jobs are deleted after a while`);
  }
  return job;
}
