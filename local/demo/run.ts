import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import { isTerminal, type Job } from "@autoscaling-job-queues/domain/job";
import { ApiClient, type LinkedJob } from "../api-client.ts";
import { startLoop } from "../background-loop.ts";
import { JobBoard } from "../job-board.ts";
import type { Platform } from "../platform-types.ts";
import { seconds } from "../text-table.ts";
import { type DemoBatch, runBatch } from "./batch.ts";
import type { AddedJob } from "./checks.ts";
import { type DemoJob, LATER_SECONDS, SCRIPTED_JOBS } from "./jobs.ts";
import type { DemoProgress, DemoView } from "./view.ts";

/** Requests of the demo under way at a time. */
const CONCURRENT_REQUESTS = 4;
const REFRESH_MS = 500;
/** How often progress is asked for, which makes no event. */
const LOOK_MS = 200;

export interface DemoRun {
  readonly added: readonly { readonly planned: DemoJob; readonly job: LinkedJob }[];
  readonly batch: DemoBatch;
  readonly board: JobBoard;
  /** Epoch milliseconds: the first request, its 202, and the time when the last worker was gone. */
  readonly startedAt: number;
  readonly firstAcceptedAt: number;
  readonly endedAt: number;
}

/**
 * Adds the jobs, cancels two of them, and waits until every job has ended, every event has come and every worker is gone.
 *
 * @param deadline aborted when the demo has waited long enough; it then ends with what there is.
 * @throws JobQueueError when the API answers otherwise than it should.
 */
export async function runDemo(
  platform: Platform,
  sampleJobs: readonly DemoJob[],
  view: DemoView,
  deadline: AbortSignal,
): Promise<DemoRun> {
  const runId = randomUUID();
  const api = new ApiClient(platform.api, { demo: runId });
  const board = new JobBoard();
  platform.events?.onEvent((event) => {
    // Services of the user's own may hold jobs of others.
    if (event.tags?.demo === runId) board.apply(event);
  });
  const planned: readonly DemoJob[] = [...Object.values(SCRIPTED_JOBS), ...sampleJobs];
  const added = new Map([...Map.groupBy(planned, ({ type }) => type)].map(([type, jobs]) => [type, jobs.length]));
  const progress: DemoProgress = { board, counts: platform.fleet.counts, added, running: [] };
  view.show(progress);
  const refresh = startLoop({
    everyMs: REFRESH_MS,
    round: async () => {
      progress.running = await api.runningJobs();
    },
    onError: (error) => view.note(error.message),
  });

  const startedAt = Date.now();
  const batched = runBatch(api, platform.events, runId, view, deadline);
  // Whoever waits for it hears of its failure.
  batched.catch(() => undefined);
  let firstAcceptedAt = Number.POSITIVE_INFINITY;
  const jobs = new Map<DemoJob, Job>();
  const { failed, doneAgain } = SCRIPTED_JOBS;
  const asked = planned.filter((job) => job !== doneAgain);
  await eachConcurrently(asked, async (job) => {
    const accepted = job === SCRIPTED_JOBS.replayed ? await addTwice(api, job, runId, view) : await add(api, job, view);
    firstAcceptedAt = Math.min(firstAcceptedAt, Date.now());
    jobs.set(job, accepted);
    if (job === SCRIPTED_JOBS.later)
      view.note(`added job ${accepted.id}, which is due in ${LATER_SECONDS} s: a schedule sends it then`);
    if (job === SCRIPTED_JOBS.cancelledWaiting) await cancelWaiting(api, accepted, view);
  });
  view.note(`${asked.length} jobs added`);
  const idOf = (job: DemoJob): string => jobs.get(job)?.id ?? "";
  await cancelRunning(api, board, idOf(SCRIPTED_JOBS.cancelledRunning), view, deadline);
  jobs.set(doneAgain, await retryEnded(api, idOf(failed), view, deadline));

  await board.until(() => board.ended() === planned.length - 1, deadline);
  await goToDueTime(platform, jobs.get(SCRIPTED_JOBS.later), view, deadline);
  await board.until(() => board.ended() === planned.length, deadline);
  await refresh.stop();
  const batch = await batched;
  const final = await Promise.all(planned.map(async (job) => ({ planned: job, job: await api.job(idOf(job)) })));
  view.note(`${board.ended()} of ${planned.length} jobs have ended; now the workers go`);
  await board.until(() => allEventsCame(board, final), deadline);
  const types = platform.jobTypes.map(({ name }) => name);
  await noWorkers(platform, types, deadline);
  const endedAt = Date.now();
  view.end();
  return { added: final, batch, board, startedAt, firstAcceptedAt, endedAt };
}

async function eachConcurrently<Item>(items: readonly Item[], action: (item: Item) => Promise<void>): Promise<void> {
  const rest = [...items];
  const work = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await action(item);
  };
  await Promise.all(Array.from({ length: CONCURRENT_REQUESTS }, work));
}

async function add(api: ApiClient, { file, ...job }: DemoJob, view: DemoView): Promise<Job> {
  if (file === undefined) return (await api.addJob(job)).body;
  const upload = await api.upload({ type: job.type, ...file });
  view.note(`uploaded a file of ${file.content.byteLength / 1_000_000} MB for a ${job.type} job`);
  return (await api.addJob({ ...job, files: { [file.name]: upload } })).body;
}

async function addTwice(api: ApiClient, job: DemoJob, key: string, view: DemoView): Promise<Job> {
  const first = await api.addJob(job, key);
  const second = await api.addJob(job, key);
  if (second.body.id !== first.body.id || second.headers.get("idempotency-replayed") !== "true") {
    throw new JobQueueError("DemoFailed", "a request that was repeated under its idempotency key added a second job");
  }
  view.note(`repeated a request under its idempotency key: still one job, ${first.body.id}`);
  return first.body;
}

async function cancelWaiting(api: ApiClient, { id }: Job, view: DemoView): Promise<void> {
  const { status, body } = await api.cancel(id);
  view.note(`cancelled job ${id}, which waited for its delay to end: ${status}, ${body.status}`);
}

async function cancelRunning(api: ApiClient, board: JobBoard, id: string, view: DemoView, deadline: AbortSignal): Promise<void> {
  // Progress makes no event, so it is asked for.
  let job = await api.job(id);
  while ((job.progress?.fraction ?? 0) === 0 && !isTerminal(job) && !deadline.aborted) {
    await delay(LOOK_MS);
    job = await api.job(id);
  }
  const { status, body } = await api.cancel(id);
  const percent = Math.round((job.progress?.fraction ?? 0) * 100);
  view.note(`cancelled job ${id}, which runs and is at ${percent}%: ${status}, still ${body.status}`);
  const askedAt = performance.now();
  if (await board.until(() => board.job(id)?.status === "CANCELLED", deadline)) {
    view.note(`its worker stopped it ${seconds(performance.now() - askedAt)} later`);
  }
}

/** Waits until a job has ended, and retries it: asked for twice, it is one job. */
async function retryEnded(api: ApiClient, id: string, view: DemoView, deadline: AbortSignal): Promise<Job> {
  let job = await api.jobWhenEnded(id);
  while (!isTerminal(job) && !deadline.aborted) job = await api.jobWhenEnded(id);
  if (!isTerminal(job)) return job;
  const [first, second] = [await api.retry(id), await api.retry(id)];
  if (first.body.retryOf !== id || second.body.id !== first.body.id) {
    throw new JobQueueError("DemoFailed", "a retry that was asked for twice is not one job that names the first");
  }
  view.note(`retried job ${id}, which has ended, twice: ${first.status}, one new job, ${first.body.id}`);
  return first.body;
}

/** Sets the clock to when a job for later is due, once the workers of its type have gone: only then has its schedule to start one. */
async function goToDueTime(platform: Platform, job: Job | undefined, view: DemoView, deadline: AbortSignal): Promise<void> {
  if (job?.runAt === undefined) return;
  await noWorkers(platform, [job.type], deadline);
  const aheadMs = Math.max(0, Date.parse(job.runAt) - Date.now());
  platform.setClockAhead(aheadMs);
  view.note(`no ${job.type} worker is left, and job ${job.id} is due in ${seconds(aheadMs)}: the clock is set to then`);
}

function allEventsCame(board: JobBoard, final: readonly AddedJob[]): boolean {
  return final.every(({ job }) => board.missingVersions(job.id, job.version).length === 0);
}

/** Waits until no worker of these types is left or asked for. */
async function noWorkers({ fleet }: Platform, types: readonly string[], deadline: AbortSignal): Promise<void> {
  const gone = (): boolean => types.every((type) => fleet.counts.running(type) === 0 && fleet.service(type)?.desiredCount === 0);
  if (gone() || deadline.aborted) return;
  await new Promise<void>((resolve) => {
    const stop = fleet.counts.onChange(() => {
      if (gone()) settle();
    });
    const settle = (): void => {
      stop();
      resolve();
    };
    deadline.addEventListener("abort", settle, { once: true });
  });
}
