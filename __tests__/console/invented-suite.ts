import { afterAll, beforeAll, beforeEach } from "vitest";
import type { ReadLogs } from "../../cli/console/handle-request.ts";
import type { Batch, Job, PastAttempt, Why } from "../../cli/console/page/data/types.ts";
import { isTypeName } from "../../cli/input/type-name.ts";
import { type ConsolePages, consolePages } from "./console-page.ts";
import { type InventedApi, startInventedApi } from "./invented-api.ts";
import { inventedJobs } from "./invented-platform.ts";

export const BATCH_ID = "inference_batch_01KB9X5M3T7Q2W8Y4R6N1D5H0C";

/** Jobs whose stories the tests and the pictures tell. */
export interface InventedStory {
  readonly running: Job;
  /** Waits for its third attempt. */
  readonly retrying: Job;
  readonly failed: Job;
  readonly succeeded: Job;
  readonly waiting: Job;
}

const LOG_TIMES = [-61, -60.4, -44, -31, -12, -3] as const;

/** The lines of a job's log, as a worker writes them. */
export function inventedLogs(jobId: string, now: number): readonly string[] {
  const messages = [
    { level: "INFO", message: "attempt begins", attempt: 1, worker: "document-7f3a" },
    { level: "INFO", message: "template invoice-eu, 30 pages", attempt: 1 },
    { level: "WARN", message: "font Noto Sans CJK is missing, DejaVu Sans is used", attempt: 1, pages: [4, 9] },
    {
      level: "ERROR",
      message: "attempt failed",
      attempt: 1,
      reason: "HandlerError",
      stack:
        "Error: the chart service does not answer\n    at drawChart (jobs/document/charts.ts:41:11)\n    at renderPage (jobs/document/pages.ts:88:5)",
    },
    { level: "INFO", message: "attempt begins", attempt: 2, worker: "document-91bc", resumedFrom: { page: 12 } },
    { level: "INFO", message: "page 18 of 30 <b>laid out</b>", attempt: 2 },
  ];
  return messages.map((members, index) => {
    const timestamp = new Date(now + (LOG_TIMES[index] ?? 0) * 1_000).toISOString();
    return JSON.stringify({ ...members, timestamp, service: "worker", jobId, jobType: "document" });
  });
}

/** The last lines of the workers of a type that cannot start: one of the worker's own, and what Node writes as it ends. */
export function inventedWords(type: string, now: number): readonly string[] {
  const timestamp = new Date(now - 70_000).toISOString();
  return [
    JSON.stringify({ level: "INFO", message: "worker starts", timestamp, service: "worker", jobType: type }),
    "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'onnxruntime-node' imported from /app/worker.mjs",
    "    at packageResolve (node:internal/modules/esm/resolve:873:9)",
  ];
}

/** The logs of that platform: of a job by its ID, of the workers of a type by its name. */
export function readInventedLogs(now: number): ReadLogs {
  return async (of) => (isTypeName(of) ? inventedWords(of, now) : inventedLogs(of, now));
}

/** Fills an API with what the views show: some hundred jobs, stories, reasons and a batch. */
export function inventStories(api: InventedApi, now: number): InventedStory {
  const iso = (seconds: number): string => new Date(now + seconds * 1_000).toISOString();
  const past: PastAttempt = {
    ...{
      attempt: 1,
      startedAt: iso(-61),
      endedAt: iso(-31),
      outcome: "retry",
      worker: "document-7f3a",
      image: "document:9c41f07be2",
    },
    error: { code: "HandlerError", message: "the chart service does not answer" },
  };
  const of = (type: string, status: Job["status"], skip = 0): Job =>
    api.jobs.filter((job) => job.type === type && job.status === status)[skip] as Job;
  const change = (job: Job, members: Partial<Job>): Job => {
    const next = { ...job, ...members } as Job;
    api.jobs = api.jobs.map((one) => (one === job ? next : one));
    return next;
  };
  const running = change(of("document", "RUNNING"), {
    ...{ attempt: 2, createdAt: iso(-64), startedAt: iso(-61), updatedAt: iso(-22), heartbeatAt: iso(-4), attempts: [past] },
    progress: { fraction: 0.6, message: "laying out page 18 of 30" },
  });
  const retrying = change(of("document", "QUEUED"), {
    ...{
      attempt: 2,
      startedAt: iso(-95),
      updatedAt: iso(-12),
      nextAttemptAt: iso(24),
      ...(past.error === undefined ? {} : { error: past.error }),
    },
    attempts: [past, { ...past, attempt: 2, startedAt: iso(-25), endedAt: iso(-12), worker: "document-91bc" }],
  });
  const failed = of("etl", "FAILED");
  const succeeded = change(of("document", "SUCCEEDED"), {
    result: {
      pages: 30,
      report: {
        ...{ bucket: "acme-jobs-results", key: "results/document/report.pdf", bytes: 482_113, contentType: "application/pdf" },
        url: "https://acme-jobs-results.s3.eu-central-1.amazonaws.com/results/document/report.pdf?X-Amz-Expires=3600",
      },
    },
  });
  const waiting = of("inference", "QUEUED");
  const reasons: readonly [Job, Why][] = [
    [
      running,
      {
        code: "Running",
        summary: "Attempt 2 runs, and its worker was heard of 4 s ago.",
        nextStep: "Wait, or follow its log.",
        facts: { attempt: 2, leaseEndsAt: iso(26), worker: "document-91bc" },
      },
    ],
    [
      retrying,
      {
        code: "WaitsForRetry",
        summary: "Attempt 2 failed; attempt 3 of 3 starts in 24 s.",
        nextStep: "See the error of the last attempt: the next one is the last.",
        facts: { attempt: 2, maxAttempts: 3, nextAttemptAt: iso(24), errorCode: "HandlerError" },
      },
    ],
    [
      failed,
      {
        code: "Ended",
        summary: "It failed for good: its handler says that trying again cannot help.",
        nextStep: `Mend line 18,204 of the export, then retry it: jobs retry ${failed.id}`,
        facts: { attempt: 3, maxAttempts: 3, errorCode: "PermanentError" },
      },
    ],
    [
      waiting,
      {
        code: "TasksDoNotStart",
        summary: "Its service shall run 3 tasks, and they do not start: Essential container in task exited (exit code 1)",
        nextStep:
          "Mend what the reason names, or go back to the image before. jobs logs inference shows what its workers said last.",
        facts: {
          visible: 11,
          desiredTasks: 3,
          runningTasks: 0,
          stoppedReason: "Essential container in task exited",
          exitCode: 1,
          stoppedAt: iso(-70),
        },
      },
    ],
  ];
  for (const [job, why] of reasons) api.why.set(job.id, why);
  const inBatch = new Set(api.jobs.filter(({ type }) => type === "inference").slice(0, 60));
  api.jobs = api.jobs.map((job) => (inBatch.has(job) ? { ...job, batchId: BATCH_ID } : job));
  const states = [...inBatch].map(({ status }) => status);
  const count = (...wanted: readonly string[]): number => states.filter((status) => wanted.includes(status)).length;
  const ended = { succeeded: count("SUCCEEDED"), failed: count("FAILED"), cancelled: count("CANCELLED") };
  const batch: Batch = {
    id: BATCH_ID,
    type: "inference",
    status: "OPEN",
    version: 1,
    total: states.length,
    pending: count("QUEUED", "RUNNING"),
    ...ended,
    createdAt: iso(-900),
  };
  api.batches.set(BATCH_ID, batch);
  return { running, retrying, failed, succeeded, waiting };
}

export interface InventedSuite {
  readonly api: InventedApi;
  readonly pages: ConsolePages;
  readonly story: InventedStory;
}

/** A console on an invented platform, which is as it was before each test. */
export function inventedSuite(count = 300): InventedSuite {
  const now = Date.now();
  const jobs = inventedJobs(count, now);
  let api: InventedApi;
  let story: InventedStory;
  beforeAll(async () => {
    api = await startInventedApi(jobs, now);
  });
  afterAll(async () => await api.stop());
  beforeEach(() => {
    api.jobs = jobs;
    api.failure = undefined;
    api.done.length = 0;
    api.paused.clear();
    api.paused.add("order-totals");
    story = inventStories(api, now);
  });
  const pages = consolePages(() => api.url, readInventedLogs(now));
  return {
    get api() {
      return api;
    },
    get story() {
      return story;
    },
    pages,
  };
}
