import type { Access } from "@autoscaling-job-queues/domain/environment";
import { isExpired, isTerminal, type StoredJob } from "@autoscaling-job-queues/domain/job";
import type { JobItems } from "@autoscaling-job-queues/domain/job-items";
import { jobJson } from "@autoscaling-job-queues/domain/job-json";
import type { JobPage, JobQuery } from "@autoscaling-job-queues/domain/job-list";
import type { JobTypeRegistry } from "@autoscaling-job-queues/domain/job-type-registry";
import type { Answer } from "../http/api-handler.ts";
import { jsonResponse } from "../http/event.ts";
import { Problem, quote } from "../http/problem.ts";
import { onlyOwner, requestedJobId, visibleJob } from "./access.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { findJobType } from "./find-job-type.ts";
import { nextReadMs, readInTime, readWaitMs } from "./job-wait.ts";
import { type LinkDependencies, linkJob } from "./links.ts";
import { readListQuery } from "./list-query.ts";

export interface GetJobDependencies extends LinkDependencies {
  readonly store: Pick<JobItems, "get">;
  readonly access: Access;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Settles after so many milliseconds. */
  readonly sleep: (ms: number) => Promise<unknown>;
}

/**
 * `GET /jobs/{id}`: the job as all writes before left it, with links to what it has in S3; with `waitSeconds`, as soon as it has
 * ended, or as it is when the wait is over.
 */
export function getJob({ store, access, now, sleep, ...links }: GetJobDependencies): Answer {
  return async (request) => {
    const waitMs = readWaitMs(request);
    const id = requestedJobId(request);
    const owner = onlyOwner(request, access);
    const read = async () => visibleJob(await store.get(id), { id, owner, now: now() });
    const linked = await linkJob(waitMs === 0 ? await read() : await readEnded(read, waitMs), links);
    return jsonResponse(200, jobJson(linked.job, linked.links));
  };

  async function readEnded(read: () => Promise<StoredJob>, waitMs: number): Promise<StoredJob> {
    const began = now();
    let slept = 0;
    // Also where the clock was set back.
    const waited = (): number => Math.max(slept, now() - began);
    for (;;) {
      const readAt = waited();
      // The last read is at the end of the wait, unless the clock was set forward.
      const job = await readInTime(read(), Math.min(readAt, waitMs));
      if (isTerminal(job) || waited() >= waitMs) return job;
      const next = nextReadMs(readAt, waitMs);
      await sleep(Math.max(0, next - waited()));
      slept = next;
    }
  }
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
    const { type, filters, limit, cursor } = readListQuery(request);
    const owner = onlyOwner(request, access);
    const asked = type === undefined ? {} : { types: [type] };
    const scope = { ...asked, ...filters, ...(owner === undefined ? {} : { owner }) };
    const after = cursor === undefined ? {} : { after: decodeCursor(cursor, scope) };
    if (type !== undefined) await checkType(type, registry);
    const all = type === undefined && owner === undefined ? { types: (await registry.list()).map(({ name }) => name) } : {};
    const { jobs, next } = await list({ ...scope, ...all, limit, ...after });
    const items = jobs.filter((job) => !isExpired(job, now())).map((job) => jobJson(job));
    const more = next === undefined ? "" : `,"cursor":${JSON.stringify(encodeCursor(next, scope))}`;
    return jsonResponse(200, `{"items":[${items.join(",")}]${more}}`);
  };
}

async function checkType(type: string, registry: Pick<JobTypeRegistry, "get">): Promise<void> {
  if ((await findJobType(registry, type)) !== undefined) return;
  const detail = `there is no job type ${quote(type)}; GET /job-types lists those there are`;
  throw new Problem("InvalidRequest", detail, { errors: [{ path: "?type", message: "must be the name of a job type" }] });
}
