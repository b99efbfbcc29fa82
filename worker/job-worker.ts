import { setTimeout as delay } from "node:timers/promises";
import type { Company } from "@autoscaling-job-queues/domain/company";
import type { Controls } from "@autoscaling-job-queues/domain/controls";
import type { JobError } from "@autoscaling-job-queues/domain/errors";
import { isJobId, typeOfJobId } from "@autoscaling-job-queues/domain/job-id";
import type { JobQueue, ReceivedMessage } from "@autoscaling-job-queues/domain/job-queue";
import { Attempt, type AttemptDependencies } from "./attempt.ts";
import { type Claim, type ClaimDependencies, claim } from "./claim.ts";
import { LastChance } from "./last-chance.ts";
import type { LastWordsWriter } from "./last-words-writer.ts";
import { PauseWatch } from "./pause-watch.ts";
import { Poller } from "./poller.ts";
import { dueDelaySeconds, leasedDelaySeconds, missingDelaySeconds, PAUSED_DELAY_SECONDS } from "./put-back.ts";
import type { TaskProtection } from "./task-protection.ts";

export interface JobWorkerDependencies extends AttemptDependencies {
  readonly store: AttemptDependencies["store"] & ClaimDependencies["store"];
  readonly queue: Pick<JobQueue, "receive" | "setVisibility" | "delete">;
  readonly controls: Pick<Controls, "get">;
  /** Of the messages that were received: whose events and deletes share calls. */
  readonly company: Company;
  /** Milliseconds of a clock that is never set. */
  readonly clock: () => number;
  /** Who it is to those who read leases. */
  readonly leaseOwner: string;
  readonly lastWords: Pick<LastWordsWriter, "failed" | "worked" | "written">;
  /** Undefined outside of ECS. */
  readonly protection: TaskProtection | undefined;
  /** Called when an attempt could not begin: the worker stops in order, and its process should end once it has. */
  readonly onNotBegun?: () => void;
  /** Called when an attempt has ended and its message has been dealt with. */
  readonly onAttemptEnd?: () => void;
}

const TICK_MS = 1_000;

/**
 * A worker of one job type: receives messages, claims their jobs, and runs them, `concurrency` at a time.
 *
 * The loop, file by file, from the poll to the end of a job:
 *
 * 1. `main.ts` reads the environment and the job type, `create-worker.ts` puts the parts together, and this class starts them.
 * 2. `poller.ts` receives as many messages as there are free slots, or will be in a moment (`slot-pace.ts`, `ahead.ts`), and calls
 *    `#handle` for each. While the type is paused (`pause-watch.ts`) it receives none.
 * 3. `claim.ts` makes the job RUNNING by one conditional update. Where that fails, `message-decision.ts` says from the stored job what
 *    to do: take it over, close it, or put the message back (`put-back.ts`: for how long).
 * 4. `attempt.ts` runs the claimed job. `attempt-input.ts` reads its input and checkpoint, and a runner calls the handler:
 *    `runners/inline-runner.ts` here, `runners/threads/` in a thread, `runners/commands/` as a program. `job-context.ts` is what the
 *    handler gets.
 * 5. Meanwhile `leases/` renews the lease and the message's visibility from a thread of its own and hears of cancels,
 *    `progress-reporter.ts` writes progress and `checkpoint-writer.ts` checkpoints, `task-protection.ts` keeps ECS from stopping the
 *    task, and `main-thread-watch.ts` ends a worker whose thread a handler blocks.
 * 6. `attempt-result.ts` stores the result, `attempt-end.ts` decides between end, retry and hand-back; the attempt commits it, then
 *    publishes it, tells its batch where it has one, then deletes the message or hides it until the retry is due.
 */
export class JobWorker {
  readonly #dependencies: JobWorkerDependencies;
  readonly #claims: ClaimDependencies;
  readonly #pause: PauseWatch;
  readonly #poller: Poller;
  readonly #attempts = new Set<Attempt>();
  #stopped: Promise<void> | undefined;
  #stopping = false;
  #interrupting = false;
  #polling: Promise<void> | undefined;
  #timers: NodeJS.Timeout[] = [];

  constructor(dependencies: JobWorkerDependencies) {
    const { store, events, queue, jobType, leaseOwner, now, newWriteId, log, lastWords, settings, protection, controls } =
      dependencies;
    this.#dependencies = dependencies;
    const stopping = (): boolean => this.#stopping;
    this.#claims = {
      store,
      events,
      jobType,
      leaseOwner,
      now,
      newWriteId,
      paused: () => this.#pause.isPaused(),
      stopping,
      lastChance: new LastChance(),
    };
    this.#pause = new PauseWatch({
      read: async () => (await controls.get(jobType.name)).paused !== undefined,
      everyMs: settings.pauseReadMs,
      now,
      onChange: (paused) => log.worker(paused ? "job type is paused: no job of it starts" : "job type is not paused any more"),
      onError: (error) => {
        log.callFailed("GetItem", `${error.name}: ${error.message}`);
        lastWords.failed("claim", error);
      },
    });
    this.#poller = new Poller({
      queue,
      concurrency: jobType.concurrency,
      refillMs: settings.refillMs,
      aheadMs: settings.aheadMs,
      aheadAtMostMs: settings.aheadAtMostMs,
      company: dependencies.company,
      clock: dependencies.clock,
      handle: (message, freeSlot) => this.#handle(message, freeSlot),
      handBack: (message) => this.#handBack(message),
      paused: async () => protection?.paused === true || (await this.#pause.isPaused()),
      onError: (error) => {
        log.callFailed("ReceiveMessage", `${error.name}: ${error.message}`);
        lastWords.failed("receive", error);
      },
    });
  }

  start(): void {
    const { metrics, protection, settings } = this.#dependencies;
    this.#polling = this.#poller.run();
    this.#timers = [
      setInterval(() => metrics.flush(), settings.metricsMs),
      setInterval(() => metrics.jobsRunning(this.#attempts.size), settings.jobsRunningMs),
      setInterval(() => protection?.tick(), TICK_MS),
    ];
  }

  /**
   * Stops within `stopTimeoutSeconds`: takes no new message, lets jobs finish, then interrupts those that are left and hands
   * them back. Settles when that is done, however often it is called.
   *
   * @throws Error, all of that done, where something of a handler cannot be ended: the process does not exit by itself then.
   */
  async stop(): Promise<void> {
    this.#stopped ??= this.#shutDown();
    await this.#stopped;
  }

  /** Begins to stop: a worker that could not begin an attempt would take and hand back one job after the other. */
  #giveUp(reason: JobError): void {
    const { log, lastWords, onNotBegun } = this.#dependencies;
    log.workerError("attempts cannot begin here; the worker stops", reason);
    lastWords.failed("start", reason);
    // Whoever is told stops it too, and hears of what fails.
    this.stop().catch(() => {});
    onNotBegun?.();
  }

  async #shutDown(): Promise<void> {
    this.#stopping = true;
    const { log, lastWords, settings, jobType, metrics, protection, leases, runner, spans } = this.#dependencies;
    log.worker("worker stops", { jobsInHand: this.#attempts.size });
    this.#poller.stop();
    await this.#polling;
    const patience = Math.max(0, settings.stopTimeoutSeconds - settings.handBackSeconds - jobType.graceSeconds);
    const late = new AbortController();
    await Promise.race([this.#poller.drained(), delay(patience * 1_000, undefined, { signal: late.signal }).catch(() => {})]);
    late.abort();
    this.#interrupting = true;
    for (const attempt of this.#attempts) attempt.interrupt();
    await this.#poller.drained();
    for (const timer of this.#timers) clearInterval(timer);
    const [closed] = await Promise.allSettled([
      runner.close(),
      ...[leases.close(), protection?.release(), lastWords.written(), spans?.flush()],
    ]);
    metrics.flush();
    if (closed.status === "rejected") throw closed.reason;
    log.worker("worker stopped");
  }

  /** Never throws: what fails is logged, and the message comes back when its visibility timeout ends. */
  async #handle(message: ReceivedMessage, freeSlot: () => void): Promise<void> {
    const { log, lastWords } = this.#dependencies;
    lastWords.worked("receive");
    try {
      await this.#process(message, freeSlot);
    } catch (error) {
      log.messageEnded("message could not be processed; it will come back", {
        messageBody: shown(message),
        detail: String(error),
      });
    } finally {
      this.#claims.lastChance.release(message);
    }
  }

  /** Of a message that has not begun. Never throws: one that cannot be handed back comes back when its visibility timeout ends. */
  async #handBack({ receiptHandle }: ReceivedMessage): Promise<void> {
    const { queue, log } = this.#dependencies;
    try {
      const isPaused = !this.#stopping && (await this.#pause.isPaused());
      await queue.setVisibility(receiptHandle, isPaused ? PAUSED_DELAY_SECONDS : 0);
    } catch (error) {
      log.callFailed("ChangeMessageVisibility", String(error));
    }
  }

  async #process(message: ReceivedMessage, freeSlot: () => void): Promise<void> {
    const { queue, ends, log, metrics, now, jobType } = this.#dependencies;
    const { body, receiptHandle } = message;
    const paused = await this.#pause.isPaused();
    if (this.#stopping) {
      await queue.setVisibility(receiptHandle, 0);
      return;
    }
    // Of another type's job, this worker may not even read the item.
    if (!isJobId(body) || typeOfJobId(body) !== jobType.name) {
      log.messageEnded("message is not the ID of a job of this type; deleted", { messageBody: shown(message) });
      await queue.delete(receiptHandle);
      return;
    }
    if (paused) {
      await queue.setVisibility(receiptHandle, PAUSED_DELAY_SECONDS);
      return;
    }
    const claimed = await this.#claim(message);
    switch (claimed.kind) {
      case "claimed":
        await this.#run(
          new Attempt(this.#dependencies, claimed.job, message, {
            onlyWritesLeft: freeSlot,
            notBegun: (reason) => this.#giveUp(reason),
          }),
        );
        return;
      case "ended":
        if (claimed.closed) {
          const outcome = claimed.job.status === "FAILED" ? "fail" : "stop";
          log.attemptEnded(claimed.job, outcome, 0, claimed.job.error);
          metrics.jobClosed(outcome);
        }
        // Whoever ended it may have died before.
        await ends.ended(claimed.job);
        await queue.delete(receiptHandle);
        return;
      case "leased":
        await queue.setVisibility(receiptHandle, leasedDelaySeconds(claimed, now(), jobType.leaseSeconds));
        return;
      case "early":
        await queue.setVisibility(receiptHandle, dueDelaySeconds(claimed.due, now()));
        return;
      case "paused":
        await queue.setVisibility(receiptHandle, PAUSED_DELAY_SECONDS);
        return;
      case "stopping":
        await queue.setVisibility(receiptHandle, 0);
        return;
      case "missing": {
        // No worker may have come to it for as long as it was kept.
        if (claimed.expired !== undefined) await ends.ended(claimed.expired);
        const seconds = missingDelaySeconds(message);
        if (seconds === undefined) {
          log.messageEnded("message names a job that does not exist; deleted", { jobId: body });
          await queue.delete(receiptHandle);
        } else {
          await queue.setVisibility(receiptHandle, seconds);
        }
      }
    }
  }

  /** @throws AWS's errors, which are also what the worker says of itself. */
  async #claim(message: ReceivedMessage): Promise<Claim> {
    const { lastWords } = this.#dependencies;
    try {
      const claimed = await claim(this.#claims, message);
      lastWords.worked("claim");
      return claimed;
    } catch (error) {
      lastWords.failed("claim", error);
      throw error;
    }
  }

  async #run(attempt: Attempt): Promise<void> {
    const { protection, onAttemptEnd } = this.#dependencies;
    this.#attempts.add(attempt);
    protection?.busyUntil(attempt.overdueAt);
    // Its claim was under way when the others were interrupted.
    if (this.#interrupting) attempt.interrupt();
    try {
      await attempt.run();
    } finally {
      this.#attempts.delete(attempt);
      if (this.#attempts.size === 0) protection?.idle();
      onAttemptEnd?.();
    }
  }
}

function shown({ body }: ReceivedMessage): string {
  return body.slice(0, 64);
}
