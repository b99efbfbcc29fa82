import { isDeepStrictEqual } from "node:util";
import { type Batch, publicBatch } from "../../../domain/batch.ts";
import type { Job } from "../../../domain/job.ts";
import { ownerFolder } from "../../../domain/job-files.ts";
import { publicJob } from "../../support/public-job.ts";
import { exactTime } from "./exact-time.ts";
import type { KnownState } from "./known-state.ts";
import type { ConcreteRequest } from "./request.ts";

/** Links, and what is linked in a result, are the answers' own; progress makes no version. */
const NOT_COMMITTED = ["inputUrl", "resultUrl", "resultFiles", "result", "progress"];

/**
 * What an answer shows that it may not, or not so: jobs of others where access is by owner, jobs otherwise than the table holds
 * them, jobs that were not asked for, links to what is not the job's own, cursors that name others' jobs.
 */
export function falseReads(request: ConcreteRequest, status: number, body: unknown, known: KnownState): string[] {
  if (status >= 300 || request.routeKey !== undefined) return [];
  switch (request.operation) {
    case "addJob":
    case "getJob":
    case "cancelJob":
    case "retryJob":
      return falseJob(request, body as Job, known);
    case "addBatch":
    case "getBatch":
    case "cancelBatch":
      return falseBatch(request, body as Batch, known);
    case "listBatchJobs":
      return falseBatchList(request, body as { readonly items: readonly Job[] }, known);
    case "listJobs":
      return falseList(request, body as { readonly items: readonly Job[]; readonly cursor?: string }, known);
    default:
      return [];
  }
}

function falseBatch({ caller, access, id, operation }: ConcreteRequest, batch: Batch, known: KnownState): string[] {
  const stored = known.batches.get(batch.id);
  const isOthers = (access === "owner" || operation === "addBatch") && stored?.owner !== caller.principal;
  const isTrue = stored !== undefined && isDeepStrictEqual(publicBatch(stored), batch);
  return [
    ...(isOthers ? [`it shows a batch of ${stored?.owner}`] : []),
    ...(id !== undefined && batch.id !== id ? [`it shows batch ${batch.id}`] : []),
    ...(isTrue ? [] : [`it shows what no commit made; the table holds ${stored && JSON.stringify(publicBatch(stored))}`]),
  ];
}

function falseBatchList(request: ConcreteRequest, { items }: { readonly items: readonly Job[] }, known: KnownState): string[] {
  const { id, ...rest } = request;
  const numbers = items.map((job) => known.jobs.get(job.id)?.batchItem?.number ?? -1);
  const isSorted = numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0));
  const strangers = items.filter(({ batchId }) => batchId !== id);
  return [
    ...items.flatMap((job) => falseJob(rest, job, known)),
    ...strangers.map((job) => `it lists job ${job.id} of ${job.batchId}`),
    ...(isSorted ? [] : ["its items are not in the order of the request"]),
  ];
}

function falseJob(request: ConcreteRequest, job: Job, known: KnownState): string[] {
  const { caller, access, id, operation } = request;
  const isOthers = (access === "owner" || operation === "addJob") && job.owner !== caller.principal;
  const stored = known.jobs.get(job.id);
  const shown = stored === undefined ? undefined : publicJob(stored);
  const isTrue = shown !== undefined && isDeepStrictEqual(committed(shown), committed(job));
  return [
    ...(isOthers ? [`it shows a job of ${job.owner}`] : []),
    ...(id !== undefined && (operation === "retryJob" ? job.retryOf : job.id) !== id ? [`it shows job ${job.id}`] : []),
    ...(isTrue ? [] : [`it shows what no commit made; the table holds ${JSON.stringify(shown)}`]),
    ...foreignLinks(job),
  ];
}

function committed(job: Job): Partial<Job> {
  const { files = {}, ...others } = job;
  const unlinked = Object.entries(files).map(([name, { bytes, contentType }]) => [name, { bytes, contentType }]);
  return Object.fromEntries(
    [...Object.entries(others), ["files", Object.fromEntries(unlinked)]].filter(
      ([name]) => !NOT_COMMITTED.includes(name as string),
    ),
  );
}

/** A job's own objects have its ID in their key; what its caller uploaded, the type and the caller. */
function foreignLinks({ id, ...job }: Job): string[] {
  const links = [...JSON.stringify(job).matchAll(/"(?:inputUrl|resultUrl|url)":"([^"]*X-Amz-[^"]*)"/g)].map(
    ([, url = ""]) => url,
  );
  const own = [`/${id}/`, `/uploads/${job.type}/${ownerFolder(job.owner)}/`];
  return links.filter((url) => !own.some((folder) => new URL(url).pathname.includes(folder))).map((url) => `it links to ${url}`);
}

function falseList(
  request: ConcreteRequest,
  { items, cursor }: { readonly items: readonly Job[]; readonly cursor?: string },
  known: KnownState,
): string[] {
  const { type, limit = "20", createdAfter = "0001-01-01T00:00:00Z", createdBefore = "9999-12-31T23:59:59Z" } = request.query;
  const values = (name: string) =>
    [...Object.entries(request.query), ...(request.repeated ?? [])].flatMap(([given, value]) => (given === name ? [value] : []));
  const [statuses, tags] = [values("status"), values("tag")];
  const isAsked = ({ tags: own = {}, ...job }: Job) =>
    (type ?? job.type) === job.type &&
    (statuses.length === 0 || statuses.includes(job.status)) &&
    tags.every((tag) => Object.entries(own).some((parts) => parts.join(":") === tag)) &&
    exactTime(job.createdAt) > exactTime(createdAfter) &&
    exactTime(job.createdAt) < exactTime(createdBefore);
  const places = items.map(({ createdAt, id }) => `${createdAt}#${id}`);
  const isSorted = places.every((place, index) => index === 0 || place < (places[index - 1] as string));
  const unasked = items.filter((job) => !isAsked(job));
  const [, named = ""] = /#([a-z0-9-]+_[0-9A-Z]{26})/.exec(Buffer.from(cursor ?? "", "base64url").toString()) ?? [];
  const owner = known.jobs.get(named)?.owner;
  const isToldOfOthers = request.access === "owner" && owner !== undefined && owner !== request.caller.principal;
  return [
    ...items.flatMap((job) => falseJob(request, job, known)),
    ...(items.length <= Number(limit) ? [] : [`it has ${items.length} items`]),
    ...(isSorted ? [] : ["its items are not sorted"]),
    ...unasked.map((job) => `it lists ${job.status} ${job.type}`),
    ...(isToldOfOthers ? [`its cursor names job ${named} of ${owner}`] : []),
  ];
}
