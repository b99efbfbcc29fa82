import type { Job, JobStatus } from "@autoscaling-job-queues/client/job";
import type { JobsClient } from "@autoscaling-job-queues/client/jobs-client";
import type { JobFilters } from "@autoscaling-job-queues/client/listing";
import type { OptionSpec } from "../verb.ts";
import { tagsOf } from "./key-values.ts";
import { pastTime } from "./times.ts";

export const STATUSES = ["QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"] as const satisfies readonly JobStatus[];

/** Options by which jobs are chosen, as `list`, `cancel` and `retry` have them. */
export interface FilterOptions {
  readonly type?: string;
  readonly status?: readonly JobStatus[];
  readonly tag?: readonly string[];
  readonly createdAfter?: Date;
  readonly createdBefore?: Date;
  readonly errorCode?: readonly string[];
  readonly error?: string;
}

export const FILTER_OPTIONS: readonly OptionSpec[] = [
  { flags: "--type <type>", description: "jobs of this type", completes: "jobTypes" },
  { flags: "--status <status>", description: "in this state; several times: in one of them", choices: STATUSES, repeat: true },
  { flags: "--tag <key:value>", description: "with this tag; several times: with all of them", repeat: true },
  { flags: "--created-after <time>", description: "added later than this: a time, or a span ago (2h, 1d)", parse: pastTime },
  { flags: "--created-before <time>", description: "added earlier than this", parse: pastTime },
  { flags: "--error-code <code>", description: "whose error has this code; several times: one of them", repeat: true },
  { flags: "--error <text>", description: "whose error has this in its code or message, in capitals or not" },
];

export function hasFilters({ type, status, tag, createdAfter, createdBefore, errorCode, error }: FilterOptions): boolean {
  return [type, status, tag, createdAfter, createdBefore, errorCode, error].some((filter) => filter !== undefined);
}

/** Jobs that meet the filters, newest first. The API knows no filter by the error: it is looked for in what it lists. */
export async function* filteredJobs(client: JobsClient, options: FilterOptions, signal: AbortSignal): AsyncGenerator<Job> {
  for await (const job of client.list(filtersOf(options), { signal })) {
    if (hasError(job, options)) yield job;
  }
}

function hasError({ error }: Job, { errorCode, error: text }: FilterOptions): boolean {
  if (errorCode !== undefined && !errorCode.includes(error?.code ?? "")) return false;
  if (text === undefined) return true;
  return error !== undefined && `${error.code}: ${error.message}`.toLowerCase().includes(text.toLowerCase());
}

function filtersOf({ type, status, tag, createdAfter, createdBefore }: FilterOptions): JobFilters {
  return {
    ...(type === undefined ? {} : { type }),
    ...(status === undefined ? {} : { status }),
    ...(createdAfter === undefined ? {} : { createdAfter }),
    ...(createdBefore === undefined ? {} : { createdBefore }),
    ...tagsOf(tag),
  };
}
