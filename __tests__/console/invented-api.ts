import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json as readJson } from "node:stream/consumers";
import type { Batch, Job, Why } from "../../cli/console/page/data/types.ts";
import { CHARACTERS, inventedSeries, inventedStatus, inventedTypes, pausedBy } from "./invented-platform.ts";

/** What the API would answer, and what it was asked to do. */
export interface InventedApi {
  readonly url: string;
  /** Newest first; a test may change them. */
  jobs: Job[];
  readonly batches: Map<string, Batch>;
  readonly why: Map<string, Why>;
  readonly paused: Set<string>;
  /** `POST` and path of each call that changes something, with its body. */
  readonly done: string[];
  /** Answers every call in place of the API; undefined: as it should. */
  failure: { readonly status: number; readonly body: unknown } | undefined;
  stop(): Promise<void>;
}

const ENDED: ReadonlySet<string> = new Set(["SUCCEEDED", "FAILED", "CANCELLED"]);

/** A jobs API with invented jobs: for views that the platform on this machine would show after hours, or never. */
export async function startInventedApi(jobs: Job[], now: number): Promise<InventedApi> {
  const server = createServer((request, response) => {
    answer(api, request, now).then(
      ({ status, body }) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body)),
      (error: unknown) => fail(response, error),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const api: InventedApi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    jobs,
    batches: new Map(),
    why: new Map(),
    paused: new Set(),
    done: [],
    failure: undefined,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return api;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const ok = (body: unknown): Answer => ({ status: 200, body });
const notFound = (what: string): Answer => ({
  status: 404,
  body: { code: `${what}NotFound`, detail: `there is no such ${what.toLowerCase()}` },
});

async function answer(api: InventedApi, request: IncomingMessage, now: number): Promise<Answer> {
  if (api.failure !== undefined) return api.failure;
  const { pathname, searchParams } = new URL(request.url ?? "/", api.url);
  const [, kind, id = "", act] = pathname.split("/");
  if (request.method === "POST") {
    const body =
      request.headers["content-length"] === "0" || request.headers["content-type"] === undefined
        ? ""
        : ` ${JSON.stringify(await readJson(request))}`;
    api.done.push(`${pathname}${body}`);
  }
  if (kind === "job-types") return typeAnswer(api, id, act, searchParams, now);
  if (kind === "batches") return batchAnswer(api, id, act, searchParams);
  if (id === "") return ok(page(api.jobs.filter(matches(searchParams)), searchParams));
  const job = api.jobs.find((one) => one.id === id);
  if (job === undefined) return notFound("Job");
  if (act === "why") return ok(api.why.get(id) ?? { code: "Running", summary: "It runs.", nextStep: "Wait.", facts: {} });
  if (act === "cancel") return cancelled(api, job, now);
  if (act === "retry") return retried(api, job, now);
  return ok(job);
}

function typeAnswer({ paused }: InventedApi, name: string, act: string | undefined, query: URLSearchParams, now: number): Answer {
  if (name === "") return ok({ items: inventedTypes(paused, now) });
  if (!(name in CHARACTERS)) return notFound("JobType");
  if (act === "pause") paused.add(name);
  if (act === "resume") paused.delete(name);
  const type = inventedTypes(paused, now).find((one) => one.name === name);
  if (act !== "status") return ok(paused.has(name) ? { ...type, paused: pausedBy(now) } : type);
  const hours = query.get("hours");
  const status = inventedStatus(name, paused.has(name), now);
  return ok(hours === null ? status : { ...status, series: inventedSeries(name, Number(hours), now) });
}

function batchAnswer(api: InventedApi, id: string, act: string | undefined, query: URLSearchParams): Answer {
  const batch = api.batches.get(id);
  if (batch === undefined) return notFound("Batch");
  if (act !== "jobs") return ok(batch);
  return ok(
    page(
      api.jobs.filter((job) => job.batchId === id && matches(query)(job)),
      query,
    ),
  );
}

function matches(query: URLSearchParams): (job: Job) => boolean {
  const statuses = query.getAll("status");
  const tags = query.getAll("tag").map((tag) => [tag.slice(0, tag.indexOf(":")), tag.slice(tag.indexOf(":") + 1)] as const);
  return ({ type, status, tags: own = {}, createdAt }) =>
    (query.get("type") ?? type) === type &&
    (statuses.length === 0 || statuses.includes(status)) &&
    tags.every(([key, value]) => own[key] === value) &&
    createdAt > (query.get("createdAfter") ?? "") &&
    createdAt < (query.get("createdBefore") ?? "~");
}

function page(jobs: readonly Job[], query: URLSearchParams) {
  const start = Number(query.get("cursor") ?? 0);
  const end = start + Number(query.get("limit") ?? 20);
  return { items: jobs.slice(start, end), ...(end < jobs.length ? { cursor: String(end) } : {}) };
}

function cancelled(api: InventedApi, job: Job, now: number): Answer {
  if (ENDED.has(job.status)) return { status: 409, body: { code: "JobAlreadyEnded", detail: `job ${job.id} is ${job.status}` } };
  const at = new Date(now).toISOString();
  const next: Job =
    job.status === "RUNNING" ? { ...job, cancelRequestedAt: at } : { ...job, status: "CANCELLED", finishedAt: at };
  api.jobs = api.jobs.map((one) => (one === job ? next : one));
  return { status: job.status === "RUNNING" ? 202 : 200, body: next };
}

function retried(api: InventedApi, job: Job, now: number): Answer {
  if (!ENDED.has(job.status)) return { status: 409, body: { code: "JobNotEnded", detail: `job ${job.id} is ${job.status}` } };
  const id = `${job.id.slice(0, -4)}AGN1`;
  const { startedAt: _, finishedAt: __, error: ___, expiresAt: ____, ...kept } = job;
  const at = new Date(now).toISOString();
  const next: Job = { ...kept, id, status: "QUEUED", attempt: 0, version: 1, createdAt: at, updatedAt: at, retryOf: job.id };
  if (!api.jobs.some((one) => one.id === id)) api.jobs = [next, ...api.jobs];
  return { status: 202, body: next };
}

function fail(response: ServerResponse, error: unknown): void {
  response.writeHead(500, { "content-type": "application/json" }).end(JSON.stringify({ message: String(error) }));
}
