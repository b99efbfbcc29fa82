import type { StoredBatch } from "@autoscaling-job-queues/domain/batch";
import { batchJobId } from "@autoscaling-job-queues/domain/batch-id";
import type { BatchStore } from "@autoscaling-job-queues/domain/batch-store";
import { ownerGroup } from "@autoscaling-job-queues/domain/group-id";
import { inParallel } from "@autoscaling-job-queues/domain/in-parallel";
import type { StoredFile, StoredJob } from "@autoscaling-job-queues/domain/job";
import type { JobEvents } from "@autoscaling-job-queues/domain/job-events";
import type { JobItems } from "@autoscaling-job-queues/domain/job-items";
import { MAX_BATCH_ENTRIES, MAX_BATCH_ITEMS } from "@autoscaling-job-queues/domain/limits";
import { type NewJob, newJob } from "@autoscaling-job-queues/domain/new-job";
import { fitsItem, payloadKeys } from "@autoscaling-job-queues/domain/payload";
import type { Traced } from "@autoscaling-job-queues/domain/trace-parent";
import { type PathError, Problem } from "../../http/problem.ts";
import type { AddJobDependencies } from "../add-job.ts";
import { ofType } from "../add-once.ts";
import { findFiles } from "../job-files.ts";
import { type AddBatchRequest, type AskedItem, below } from "./read-add-batch.ts";

export interface AddBatchDependencies extends AddJobDependencies {
  readonly store: Pick<JobItems, "get" | "getMany" | "create">;
  readonly batches: Pick<BatchStore, "get" | "create" | "putOnComplete">;
  readonly events: Pick<JobEvents, "publish" | "publishBatch">;
}

/** Calls to S3 that are under way at a time: the client has 50 connections. */
const AT_ONCE = 32;
/** The same of tens of jobs, each of which takes ten to DynamoDB. */
const TENS_AT_ONCE = 4;

/** A request for a batch, and whose it is. */
export type AskedBatch = AddBatchRequest & Traced & { readonly owner: string };

/** Files of jobs, by their numbers. */
export type FilesOfJobs = ReadonlyMap<number, Readonly<Record<string, StoredFile>>>;

/** @throws Problem 422 with every file of every item that is not as it should be. */
export async function filesOf(
  { items, jobType, owner }: AskedBatch,
  numbers: readonly number[],
  { payloads, now }: AddBatchDependencies,
): Promise<FilesOfJobs> {
  const named = numbers.filter((number) => items[number]?.files !== undefined);
  const errors: PathError[] = [];
  const found = await inParallel(named, AT_ONCE, async (number) => {
    try {
      return await findFiles(items[number]?.files ?? {}, { jobType, owner, payloads, now: now() });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      errors.push(...below(`/items/${number}`, error.details.errors ?? []));
      return {};
    }
  });
  if (errors.length > 0) throw new Problem("InvalidFiles", "jobs cannot have these files", { errors });
  return new Map(named.map((number, index) => [number, found[index] ?? {}]));
}

/** Where an input is kept. @param key of the object that it is past 4 KiB. */
export async function storeInput(
  text: string,
  key: string,
  payloads: AddBatchDependencies["payloads"],
): Promise<Pick<NewJob, "input" | "inputLocation">> {
  return fitsItem(text) ? { input: text } : { inputLocation: await payloads.put(key, text, "application/json") };
}

export interface JobsToAdd {
  /** Their numbers. */
  readonly missing: readonly number[];
  readonly files: FilesOfJobs;
  /** Those that are there. */
  readonly stored: readonly StoredJob[];
}

/** Adds the jobs that are missing, and publishes all: whoever stored the others may have died before. */
export async function addJobs(
  batch: StoredBatch,
  asked: AskedBatch,
  { missing, files, stored }: JobsToAdd,
  dependencies: AddBatchDependencies,
): Promise<void> {
  const { events, telemetry, wake } = dependencies;
  const { jobType } = asked;
  const drafts = await inParallel(missing, AT_ONCE, async (number) => {
    const draft = await draftJob(batch, asked, number, dependencies);
    const found = files.get(number);
    return { ...draft, ...(found === undefined ? {} : { files: found }) };
  });
  await inParallel(tens(drafts), TENS_AT_ONCE, async (ten) => await addTen(ten, jobType.queueUrl, dependencies));
  // Nothing may be left under way when the Lambda is frozen.
  const [published] = await Promise.allSettled([
    inParallel(stored, MAX_BATCH_ITEMS, async (job) => await events.publish(job)),
    drafts.length === 0 ? undefined : wake(jobType, drafts.length),
  ]);
  if (published.status === "rejected") throw published.reason;
  if (drafts.length > 0) telemetry.count("JobsAdded", { jobType: jobType.name }, drafts.length);
}

type Draft = Omit<NewJob, "now">;

/** As many as share a call. */
function tens(drafts: readonly Draft[]): Draft[][] {
  const starts = Array.from({ length: Math.ceil(drafts.length / MAX_BATCH_ENTRIES) }, (_, ten) => ten * MAX_BATCH_ENTRIES);
  return starts.map((start) => drafts.slice(start, start + MAX_BATCH_ENTRIES));
}

/** Sends, creates, publishes: by tens, so that workers that wait for messages find few whose job is yet to come. */
async function addTen(
  drafts: readonly Draft[],
  queueUrl: string,
  { store, queue, events, now }: AddBatchDependencies,
): Promise<void> {
  const addedAt = now();
  const messages = queue(queueUrl);
  await inParallel(drafts, drafts.length, async ({ id, groupId }) => {
    await messages.send({ jobId: id, ...(groupId === undefined ? {} : { groupId }) });
  });
  const jobs = await inParallel(drafts, drafts.length, async (draft) => {
    const outcome = await store.create(newJob({ ...draft, now: addedAt }), now());
    const job = outcome.applied ? outcome.job : outcome.current;
    if (job === undefined) throw new Error(`job ${draft.id} was neither created nor found`);
    return job;
  });
  await inParallel(jobs, jobs.length, async (job) => await events.publish(job));
}

async function draftJob(
  batch: StoredBatch,
  { jobType, items, owner, tags, traceparent, requestHash }: AskedBatch,
  number: number,
  { payloads, newWriteId }: AddBatchDependencies,
): Promise<Draft> {
  const item = items[number] as AskedItem;
  const type = jobType.name;
  const id = batchJobId(type, batch, number);
  const writeId = newWriteId();
  const all = { ...tags, ...item.tags };
  return {
    id,
    ...ofType(jobType),
    ...(await storeInput(item.inputText, payloadKeys.input(type, id, writeId), payloads)),
    ...(Object.keys(all).length === 0 ? {} : { tags: all }),
    groupId: item.groupId ?? ownerGroup(owner),
    owner,
    ...(traceparent === undefined ? {} : { traceparent }),
    batchId: batch.id,
    batchItem: { number, createdAt: batch.createdAt },
    requestHash,
    writeId,
  };
}
