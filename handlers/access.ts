import { SettingsError } from "@autoscaling-job-queues/domain/errors";
import type { StoredJob } from "@autoscaling-job-queues/domain/job";
import { isJobId, JOB_ID_RULE } from "@autoscaling-job-queues/domain/job-id";
import type { ApiRequest } from "./http.ts";
import { Problem, quote } from "./problem.ts";

/** Whose jobs a caller sees: every job of the account, or the caller's own. */
export type Access = "account" | "owner";

/**
 * The setting `access` of the environment, from the variable `JOBS_ACCESS`. @default "account"
 *
 * @throws SettingsError for any other value.
 */
export function readAccess(variables: NodeJS.ProcessEnv = process.env): Access {
  const access = variables.JOBS_ACCESS ?? "account";
  if (access === "account" || access === "owner") return access;
  throw new SettingsError("environment variable JOBS_ACCESS", access, '"account" or "owner"');
}

/** @throws Problem 401 when no authorizer named a principal. */
export function requirePrincipal({ principal }: ApiRequest): string {
  if (principal === undefined) throw new Problem("Unauthenticated", "the authorizer of the request names no principal");
  return principal;
}

/** The principal whose jobs alone the caller sees, or undefined where every caller sees all jobs. */
export function onlyOwner(request: ApiRequest, access: Access): string | undefined {
  return access === "owner" ? requirePrincipal(request) : undefined;
}

/** Whether a job's time is up. DynamoDB deletes expired items days late. @param now epoch milliseconds. */
export function isExpired({ expiresAt }: Pick<StoredJob, "expiresAt">, now: number): boolean {
  return expiresAt !== undefined && expiresAt < Math.floor(now / 1_000);
}

/** The ID in the path. @throws Problem 404 when it is none. */
export function requestedJobId({ pathParameters: { id = "" } }: ApiRequest): string {
  if (isJobId(id)) return id;
  throw new Problem("JobNotFound", `${quote(id)} is not a job ID; a job ID is ${JOB_ID_RULE}`);
}

/** Passes a job that the caller may see. @throws Problem 404 when there is none, it expired, or it belongs to another. */
export function visibleJob(
  job: StoredJob | undefined,
  { id, owner, now }: { readonly id: string; readonly owner: string | undefined; readonly now: number },
): StoredJob {
  if (job === undefined || isExpired(job, now) || (owner !== undefined && job.owner !== owner)) {
    throw new Problem("JobNotFound", `there is no job ${id}; finished jobs are deleted after a while`);
  }
  return job;
}
