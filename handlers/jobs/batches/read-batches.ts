import { publicBatch } from "@autoscaling-job-queues/domain/batch";
import type { BatchStore } from "@autoscaling-job-queues/domain/batch-store";
import type { Access } from "@autoscaling-job-queues/domain/environment";
import { isExpired, type JobStatus, type StoredJob } from "@autoscaling-job-queues/domain/job";
import type { JobItems } from "@autoscaling-job-queues/domain/job-items";
import { jobJson } from "@autoscaling-job-queues/domain/job-json";
import { roomFor } from "@autoscaling-job-queues/domain/job-list";
import type { Answer } from "../../http/api-handler.ts";
import { jsonResponse } from "../../http/event.ts";
import { onlyOwner } from "../access.ts";
import { decodeNumber, encodeNumber } from "../cursor.ts";
import { readStatusQuery } from "../list-query.ts";
import { requestedBatchId, visibleBatch } from "./access.ts";
import { jobsOfBatch } from "./jobs-of-batch.ts";

export interface ReadBatchDependencies {
  readonly batches: Pick<BatchStore, "get">;
  readonly access: Access;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** `GET /batches/{id}`: the batch as all writes before left it. */
export function getBatch({ batches, access, now }: ReadBatchDependencies): Answer {
  return async (request) => {
    const id = requestedBatchId(request);
    const owner = onlyOwner(request, access);
    const batch = visibleBatch(await batches.get(id), { id, owner, now: now() });
    return jsonResponse(200, JSON.stringify(publicBatch(batch)));
  };
}

export interface ListBatchJobsDependencies extends ReadBatchDependencies {
  readonly store: Pick<JobItems, "getMany">;
}

/** Jobs that are read at a time, at most: DynamoDB takes as many keys (BatchGetItem). */
const READ_AT_ONCE = 100;

/**
 * `GET /batches/{id}/jobs`: a page of its jobs, in the order of the request. Those that have expired, and those that a broken-off
 * request never stored, are left out.
 */
export function listBatchJobs({ batches, store, access, now }: ListBatchJobsDependencies): Answer {
  return async (request) => {
    const { statuses, limit, cursor } = readStatusQuery(request);
    const id = requestedBatchId(request);
    const owner = onlyOwner(request, access);
    const batch = visibleBatch(await batches.get(id), { id, owner, now: now() });
    const scope = { id, statuses };
    const found: { readonly number: number; readonly job: StoredJob }[] = [];
    let next = cursor === undefined ? 0 : decodeNumber(cursor, scope);
    while (found.length < limit && next < batch.total) {
      // Of certain states there may be few among many.
      const most = statuses.length === 0 ? limit - found.length : READ_AT_ONCE;
      const numbers = numbersFrom(next, Math.min(most, batch.total - next));
      const jobs = await jobsOfBatch(batch, numbers, store);
      for (const [index, job] of jobs.entries()) {
        if (found.length === limit) break;
        next = (numbers[index] ?? 0) + 1;
        if (job !== undefined && isAsked(job, { statuses, owner, now: now() })) found.push({ number: next - 1, job });
      }
    }
    const shown = found.slice(0, roomFor(found.map(({ job }) => job)));
    const end = shown.length < found.length ? found[shown.length]?.number : next;
    const more = end === undefined || end >= batch.total ? "" : `,"cursor":${JSON.stringify(encodeNumber(end, scope))}`;
    return jsonResponse(200, `{"items":[${shown.map(({ job }) => jobJson(job)).join(",")}]${more}}`);
  };
}

function numbersFrom(first: number, length: number): number[] {
  return Array.from({ length }, (_, index) => first + index);
}

function isAsked(
  job: StoredJob,
  { statuses, owner, now }: { readonly statuses: readonly JobStatus[]; readonly owner: string | undefined; readonly now: number },
): boolean {
  if (isExpired(job, now) || (owner !== undefined && job.owner !== owner)) return false;
  return statuses.length === 0 || statuses.includes(job.status);
}
