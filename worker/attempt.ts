import type { BatchEnds } from "@autoscaling-job-queues/domain/batch-ends";
import type { JobError } from "@autoscaling-job-queues/domain/errors";
import { countedAttempts, dueAt, type Progress, type StoredJob } from "@autoscaling-job-queues/domain/job";
import type { JobEvents } from "@autoscaling-job-queues/domain/job-events";
import { publicFiles } from "@autoscaling-job-queues/domain/job-json";
import type { ReceivedMessage } from "@autoscaling-job-queues/domain/job-queue";
import type { JobStore } from "@autoscaling-job-queues/domain/job-store";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { payloadKeys } from "@autoscaling-job-queues/domain/payload";
import type { PayloadStore } from "@autoscaling-job-queues/domain/payload-store";
import { traced } from "@autoscaling-job-queues/domain/trace-parent";
import type { TransitionValues } from "@autoscaling-job-queues/domain/transitions";
import { type AttemptEnd, attemptEnd } from "./attempt-end.ts";
import { AttemptFiles } from "./attempt-files.ts";
import { readInput } from "./attempt-input.ts";
import { storeResult } from "./attempt-result.ts";
import type { AttemptSpan, AttemptSpans } from "./attempt-spans.ts";
import { CheckpointWriter } from "./checkpoint-writer.ts";
import type { FileSource } from "./file-source.ts";
import type { FileStore } from "./file-store.ts";
import { type AbortCode, JobAbortedError } from "./job-aborted-error.ts";
import type { LeaseKeeper } from "./leases/lease-keeper.ts";
import { claimKey } from "./leases/messages.ts";
import type { AttemptOutcome, LoggedError, WorkerLog } from "./log.ts";
import type { WorkerMetrics } from "./metrics.ts";
import { ProgressReporter } from "./progress-reporter.ts";
import { PublishedVersions } from "./published-versions.ts";
import { dueDelaySeconds } from "./put-back.ts";
import { handlerFailure } from "./runners/handler-failure.ts";
import type { Run, Runner, RunOutcome } from "./runners/runner.ts";
import type { WorkerSettings } from "./settings.ts";
import { tryAgain } from "./try-again.ts";

export interface AttemptDependencies {
  readonly jobType: JobType;
  readonly store: Pick<JobStore, "transition" | "recordProgress" | "recordCheckpoint">;
  readonly events: Pick<JobEvents, "publish">;
  readonly ends: Pick<BatchEnds, "ended">;
  readonly queue: {
    setVisibility(receiptHandle: string, seconds: number): Promise<void>;
    delete(receiptHandle: string): Promise<void>;
  };
  readonly payloads: Pick<PayloadStore, "put" | "getText">;
  readonly files: Pick<FileStore, "put">;
  /** Of the files that jobs were added with. */
  readonly source: Pick<FileSource, "read">;
  readonly runner: Runner;
  readonly leases: Pick<LeaseKeeper, "hold" | "drop" | "close">;
  readonly log: WorkerLog;
  /** Undefined where no spans are recorded. */
  readonly spans?: AttemptSpans | undefined;
  readonly metrics: WorkerMetrics;
  readonly settings: WorkerSettings;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly random: () => number;
  readonly newWriteId: () => string;
}

/** What the worker hears of an attempt before it is over. */
export interface AttemptEvents {
  /** The handler has ended for good, and only writes are left: its slot may be another's. It may be told more than once. */
  onlyWritesLeft(): void;
  /** The attempt could not begin, and is about to be handed back: the worker must take no more jobs. */
  notBegun(reason: JobError): void;
}

/** Milliseconds past timeout and grace after which a job that is still in hand means a blocked worker. */
const OVERDUE_MARGIN_MS = 10_000;

/** One claim of one job, from its handler's start to the acknowledgement of its message. */
export class Attempt {
  readonly #dependencies: AttemptDependencies;
  readonly #message: ReceivedMessage;
  readonly #events: AttemptEvents;
  readonly #published: PublishedVersions;
  readonly #checkpoints: CheckpointWriter;
  readonly #abort = new AbortController();
  readonly #kill = new AbortController();
  readonly #startedAt: number;
  readonly #span: AttemptSpan | undefined;
  /** The newest version that the worker knows; it has been, or is being, published. */
  #job: StoredJob;
  #lost = false;
  #handlerEnded = false;
  #graceTimer: NodeJS.Timeout | undefined;

  constructor(dependencies: AttemptDependencies, job: StoredJob, message: ReceivedMessage, events: AttemptEvents) {
    this.#dependencies = dependencies;
    this.#events = events;
    this.#job = job;
    this.#message = message;
    this.#startedAt = dependencies.now();
    this.#span = dependencies.spans?.begin(job, this.#startedAt);
    this.#published = new PublishedVersions(dependencies.events, this.#patience("publish"));
    this.#checkpoints = new CheckpointWriter(job, dependencies, {
      intervalMs: dependencies.settings.progressMs,
      signal: this.#abort.signal,
    });
  }

  /** Epoch milliseconds by which the attempt has ended, by force if need be. */
  get overdueAt(): number {
    const { timeoutSeconds, graceSeconds } = this.#dependencies.jobType;
    return this.#startedAt + (timeoutSeconds + graceSeconds) * 1_000 + OVERDUE_MARGIN_MS;
  }

  /** Asks the handler to stop, and hands the job back unless it ends within its grace. */
  interrupt(): void {
    this.#stopHandler("WorkerShutdown");
  }

  /** Runs the handler and commits its end. Never throws: what fails is logged, and the message comes back. */
  async run(): Promise<void> {
    const { leases } = this.#dependencies;
    const { id, createdAt, attempt, version } = this.#job;
    const told = leases.hold(
      { id, createdAt, attempt, version, receiptHandle: this.#message.receiptHandle, overdueAt: this.overdueAt },
      { lost: () => this.#loseLease(), changed: (job) => this.#learn(job) },
    );
    try {
      // The commit waits for it, and reports its failure.
      this.#published.ensure(this.#job).catch(() => {});
      await told;
      const outcome = await this.#runHandler();
      await this.#checkpoints.end({ keep: outcome.kind === "failed" });
      await this.#commit(outcome);
    } catch (error) {
      this.#told(this.#job, "abandoned", { code: "Unavailable", message: String(error) });
    } finally {
      leases.drop(this.#job);
    }
  }

  async #runHandler(): Promise<RunOutcome> {
    const { jobType, runner, store, payloads, files, source, log, settings } = this.#dependencies;
    const claim = this.#job;
    const { id, type, attempt } = claim;
    const timeout = setTimeout(() => this.#stopHandler("JobTimeout"), jobType.timeoutSeconds * 1_000);
    const record = (progress: Progress) =>
      store.recordProgress(claim, progress).catch((error: Error) => log.callFailed("UpdateItem", error.message));
    const progress = new ProgressReporter(record, settings.progressMs);
    const inputs = new AttemptFiles(claim.files ?? {}, source, this.#abort.signal);
    try {
      const input = await readInput(this.#job, payloads);
      if (input.kind === "failed") return input;
      // Runners hear of an abort only once they run.
      if (this.#abort.signal.aborted) return handlerFailure(this.#abort.signal.reason);
      const run: Run = {
        id,
        type,
        attempt,
        ...traced(this.#span?.traceparent ?? claim.traceparent),
        input: input.text,
        resumeFrom: input.resumeFrom,
        signal: this.#abort.signal,
        kill: this.#kill.signal,
        progress: (fraction, message) => progress.report(fraction, message),
        log: (level, message, details) => log.handlerLine(this.#job, level, message, details),
        checkpoint: (json) => this.#checkpoints.put(json),
        putFile: async (name, content, contentType) => ({
          ...(await files.put(payloadKeys.file(type, id, attempt, name), content, contentType, { signal: this.#kill.signal })),
          contentType,
        }),
        files: publicFiles(claim.files ?? {}),
        readFile: (name, start) => inputs.read(name, start),
        saveFile: (name) => inputs.save(name),
      };
      return await runner
        .run(run)
        .catch((error: Error) => ({ kind: "notBegun", code: "RunnerFailed", message: `${error.name}: ${error.message}` }));
    } finally {
      this.#handlerEnded = true;
      progress.stop();
      clearTimeout(timeout);
      clearTimeout(this.#graceTimer);
      await inputs.end().catch((error: Error) => log.callFailed("removal of the job's files", error.message));
    }
  }

  /** Commits the end (fenced), publishes it, tells the job's batch, then acknowledges or puts back the message: in that order. */
  async #commit(handled: RunOutcome): Promise<void> {
    const { store, jobType, payloads, random, metrics, settings } = this.#dependencies;
    if (handled.kind === "notBegun") this.#events.notBegun(handled);
    const { outcome, values: resultValues } = await storeResult(this.#job, handled, payloads, settings.giveUpMs);
    if (outcome.kind === "returned" && hasAttemptsLeft(this.#job)) this.#events.onlyWritesLeft();
    for (;;) {
      const replaced = this.#job;
      if (!this.#lost) await this.#published.ensure(replaced);
      if (this.#lost) {
        metrics.leaseLost();
        this.#told(replaced, "lost", { code: "LeaseLost", message: "another worker took the job over" });
        return;
      }
      const end = attemptEnd(replaced, outcome, this.#aborted(), jobType, random);
      const values = this.#values(end, resultValues);
      const write = await tryAgain(() => store.transition(replaced, end.name, values), this.#patience("UpdateItem"));
      if (write.applied) {
        await this.#finish(write.job, end, outcome.kind === "failed" ? outcome.stack : undefined);
        return;
      }
      const { current } = write;
      if (current?.status === "RUNNING" && claimKey(current) === claimKey(replaced)) this.#learn(current);
      else this.#lost = true;
    }
  }

  /** @param stack of what the handler threw, for the log. */
  async #finish(job: StoredJob, end: AttemptEnd, stack: string | undefined): Promise<void> {
    const { ends, leases, log, metrics } = this.#dependencies;
    leases.drop(job, { atOnce: job.status === "QUEUED" });
    this.#events.onlyWritesLeft();
    const waitMs = job.attempt === 1 ? this.#startedAt - Date.parse(job.runAt ?? job.createdAt) : undefined;
    metrics.attemptEnded(end.name, this.#runMs(), waitMs);
    const error = "error" in end ? end.error : undefined;
    this.#told(job, end.name, error && { ...error, ...(stack === undefined ? {} : { stack }) });
    await this.#published.ensure(job);
    try {
      if (job.batchId !== undefined) await tryAgain(() => ends.ended(job), this.#patience("UpdateItem"));
      await this.#letGo(job, end);
    } catch (error) {
      // The message comes back by itself when its visibility timeout ends.
      log.callFailed(end.name === "retry" || end.name === "release" ? "ChangeMessageVisibility" : "DeleteMessage", String(error));
    }
  }

  /** Tells log and trace how the attempt ended. */
  #told(job: StoredJob, outcome: AttemptOutcome, error?: LoggedError): void {
    this.#dependencies.log.attemptEnded(job, outcome, this.#runMs(), error);
    this.#span?.end(outcome, error);
  }

  /** Puts the message back until the job may be claimed again, or acknowledges it. */
  async #letGo(job: StoredJob, end: AttemptEnd): Promise<void> {
    const { queue, now } = this.#dependencies;
    const { receiptHandle } = this.#message;
    const seconds = dueDelaySeconds(dueAt(job) ?? now(), now(), this.#runMs() / 1_000);
    if (end.name === "retry") await queue.setVisibility(receiptHandle, seconds);
    else if (end.name === "release") await queue.setVisibility(receiptHandle, 0);
    else await queue.delete(receiptHandle);
  }

  #values(end: AttemptEnd, result: Pick<TransitionValues, "result" | "resultLocation">): TransitionValues {
    const { now, newWriteId } = this.#dependencies;
    const at = now();
    return {
      now: at,
      writeId: newWriteId(),
      attempt: this.#job.attempt,
      ...("error" in end ? { error: end.error } : {}),
      ...(end.name === "retry" ? { nextAttemptAt: new Date(Math.ceil(at + 1_000 * end.delaySeconds)).toISOString() } : {}),
      ...(end.name === "succeed" ? result : {}),
    };
  }

  /** Takes in a version that another process made. */
  #learn(job: StoredJob): void {
    if (job.version <= this.#job.version) return;
    this.#job = job;
    this.#published.ensure(job).catch(() => {});
    if (job.cancelRequestedAt !== undefined) this.#stopHandler("JobCancelled");
  }

  #loseLease(): void {
    this.#lost = true;
    this.#stopHandler("LeaseLost");
  }

  #stopHandler(code: AbortCode): void {
    if (this.#handlerEnded || this.#abort.signal.aborted) return;
    this.#abort.abort(new JobAbortedError(code));
    this.#graceTimer = setTimeout(() => this.#kill.abort(), this.#dependencies.jobType.graceSeconds * 1_000);
  }

  #aborted(): AbortCode | undefined {
    return this.#abort.signal.aborted ? (this.#abort.signal.reason as JobAbortedError).code : undefined;
  }

  #runMs(): number {
    return this.#dependencies.now() - this.#startedAt;
  }

  #patience(call: string) {
    const { settings, log } = this.#dependencies;
    return {
      giveUpMs: settings.giveUpMs,
      pointless: () => this.#lost,
      onFailure: (error: Error) => log.callFailed(call, error.message),
    };
  }
}

/**
 * Whether the job could be run again. One that could not keeps its slot until its end is committed: what runs next may bring the worker
 * down, and must not take the last attempt of a job that has succeeded with it.
 */
function hasAttemptsLeft(job: StoredJob): boolean {
  return countedAttempts(job) < job.maxAttempts;
}
