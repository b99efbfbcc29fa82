import type { Access } from "@autoscaling-job-queues/domain/environment";
import { isExpired } from "@autoscaling-job-queues/domain/job";
import { jobJson } from "@autoscaling-job-queues/domain/job-json";
import type { JobPage, JobQuery } from "@autoscaling-job-queues/domain/job-list";
import type { JobStore } from "@autoscaling-job-queues/domain/job-store";
import type { JobTypeRegistry } from "@autoscaling-job-queues/domain/job-type-registry";
import type { Answer } from "../http/api-handler.ts";
import { jsonResponse } from "../http/event.ts";
import { Problem, quote } from "../http/problem.ts";
import { onlyOwner, requestedJobId, visibleJob } from "./access.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { findJobType } from "./job-types.ts";
import { type LinkDependencies, linkJob } from "./links.ts";
import { readListQuery } from "./list-query.ts";

export interface GetJobDependencies extends LinkDependencies {
  readonly store: Pick<JobStore, "get">;
  readonly access: Access;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** `GET /jobs/{id}`: the job as all writes before left it, with links to what it has in S3. */
export function getJob({ store, access, now, ...links }: GetJobDependencies): Answer {
  return async (request) => {
    const id = requestedJobId(request);
    const owner = onlyOwner(request, access);
    const linked = await linkJob(visibleJob(await store.get(id), { id, owner, now: now() }), links);
    return jsonResponse(200, jobJson(linked.job, linked.links));
  };
}

export interface ListJobsDependencies {
  readonly registry: Pick<JobTypeRegistry, "get" | "list">;
  readonly list: (query: JobQuery) => Promise<JobPage>;
  readonly access: Access;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** `GET /jobs`: a page of jobs, newest first. Links are left to `GET /jobs/{id}`. */
export function listJobs({ registry, list, access, now }: ListJobsDependencies): Answer {
  return async (request) => {
    const { type, status, limit, cursor } = readListQuery(request);
    const owner = onlyOwner(request, access);
    const scope = {
      ...(type === undefined ? {} : { type }),
      ...(status === undefined ? {} : { status }),
      ...(owner === undefined ? {} : { owner }),
    };
    const { type: _, ...filters } = scope;
    const after = cursor === undefined ? {} : { after: decodeCursor(cursor, scope) };
    const types = await typesOf(type, registry);
    const { jobs, next } = await list({ types, ...filters, limit, ...after });
    const items = jobs.filter((job) => !isExpired(job, now())).map((job) => jobJson(job));
    const more = next === undefined ? "" : `,"cursor":${JSON.stringify(encodeCursor(next, scope))}`;
    return jsonResponse(200, `{"items":[${items.join(",")}]${more}}`);
  };
}

async function typesOf(type: string | undefined, registry: Pick<JobTypeRegistry, "get" | "list">): Promise<string[]> {
  if (type === undefined) return (await registry.list()).map(({ name }) => name);
  if ((await findJobType(registry, type)) !== undefined) return [type];
  const detail = `there is no job type ${quote(type)}; GET /job-types lists those there are`;
  throw new Problem("InvalidRequest", detail, { errors: [{ path: "?type", message: "must be the name of a job type" }] });
}
