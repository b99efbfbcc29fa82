import { parseWithDigits } from "@autoscaling-job-queues/client/json-digits";
import { type Query, queryString } from "@autoscaling-job-queues/client/query-string";
import { ConsoleError, errorOfAnswer, SERVER_LOST } from "./console-error.ts";
import { consoleToken } from "./token.ts";
import type { Batch, Job, JobType, JobTypeStatus, Page, Why } from "./types.ts";

export interface About {
  /** The API's address. */
  readonly api: string;
  /** Whether logs can be read from here. */
  readonly logs: boolean;
}

type Signal = AbortSignal | undefined;

/** @throws ConsoleError */
async function call<Answer>(method: "GET" | "POST", path: string, signal?: Signal, body?: unknown): Promise<Answer> {
  const headers = { "x-console-token": consoleToken(), ...(body === undefined ? {} : { "content-type": "application/json" }) };
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }), ...(signal ? { signal } : {}) };
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, init);
    text = await response.text();
  } catch {
    signal?.throwIfAborted();
    throw new ConsoleError("ServerLost", SERVER_LOST);
  }
  const parsed = parsedOr(text);
  if (!response.ok) throw errorOfAnswer(response.status, parsed);
  return parsed as Answer;
}

function parsedOr(text: string): unknown {
  try {
    return parseWithDigits(text);
  } catch {
    return undefined;
  }
}

const id = encodeURIComponent;

/** The calls of the page, each to its own server, which passes those below `/api` on. */
export const api = {
  about: (signal?: Signal) => call<About>("GET", "/console.json", signal),
  jobTypes: async (signal?: Signal) => (await call<{ items: readonly JobType[] }>("GET", "/api/job-types", signal)).items,
  status: (type: string, hours: number | undefined, signal?: Signal) =>
    call<JobTypeStatus>("GET", `/api/job-types/${id(type)}/status${queryString({ hours })}`, signal),
  pause: (type: string, reason: string) =>
    call<JobType>("POST", `/api/job-types/${id(type)}/pause`, undefined, reason === "" ? {} : { reason }),
  resume: (type: string) => call<JobType>("POST", `/api/job-types/${id(type)}/resume`),
  jobs: (query: Query, signal?: Signal) => call<Page>("GET", `/api/jobs${queryString(query)}`, signal),
  job: (jobId: string, signal?: Signal) => call<Job>("GET", `/api/jobs/${id(jobId)}`, signal),
  why: (jobId: string, signal?: Signal) => call<Why>("GET", `/api/jobs/${id(jobId)}/why`, signal),
  cancel: (jobId: string) => call<Job>("POST", `/api/jobs/${id(jobId)}/cancel`),
  retry: (jobId: string) => call<Job>("POST", `/api/jobs/${id(jobId)}/retry`),
  batch: (batchId: string, signal?: Signal) => call<Batch>("GET", `/api/batches/${id(batchId)}`, signal),
  batchJobs: (batchId: string, query: Query, signal?: Signal) =>
    call<Page>("GET", `/api/batches/${id(batchId)}/jobs${queryString(query)}`, signal),
  cancelBatch: (batchId: string) => call<Batch>("POST", `/api/batches/${id(batchId)}/cancel`),
  /** @param of the job's ID, or a type's name: the last lines of its workers. */
  logs: async (of: string, signal?: Signal) => (await call<{ lines: readonly string[] }>("GET", `/logs/${id(of)}`, signal)).lines,
};
