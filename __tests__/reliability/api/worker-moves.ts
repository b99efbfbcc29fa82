import fc from "fast-check";
import { dynamoDbDocumentClient, snsClient } from "../../../domain/clients.ts";
import { countedAttempts, dueAt, isTerminal, type StoredJob } from "../../../domain/job.ts";
import { JobEvents } from "../../../domain/job-events.ts";
import { JobStore } from "../../../domain/job-store.ts";
import type { TransitionName, TransitionValues } from "../../../domain/transitions.ts";
import type { Emulators } from "../../support/emulators.ts";
import type { InProcessTransport } from "../world/in-process-transport.ts";

/** What a worker does to a job between two requests. */
export interface WorkerMove {
  /** The job, by its place among those added; the newest is number 0. */
  readonly job: number;
  readonly next: "succeed" | "succeedLarge" | "fail" | "retry" | "release" | "progress";
}

export const workerMoves: fc.Arbitrary<WorkerMove> = fc.record({
  job: fc.nat({ max: 40 }),
  next: fc.constantFrom("succeed", "succeedLarge", "fail", "retry", "release", "progress"),
});

const LEASE_MS = 3_600_000;
const RETRY_MS = 60_000;

/** Takes jobs through their lives, so that requests meet jobs in every state. */
export class WorkerMoves {
  readonly #store: JobStore;
  readonly #events: JobEvents;
  readonly #clients = { dynamoDb: dynamoDbDocumentClient(), sns: snsClient() };
  readonly #bucket: string;
  #writes = 0;

  constructor({ jobsTableName, eventsTopicArn, resultsBucket }: Emulators, transport: InProcessTransport) {
    const { dynamoDb, sns } = this.#clients;
    transport.carry("worker", dynamoDb, sns);
    this.#store = new JobStore(dynamoDb, jobsTableName);
    this.#events = new JobEvents(sns, eventsTopicArn);
    this.#bucket = resultsBucket;
  }

  /** Makes the next step of a job's life: of a job that has ended, none. */
  async move(job: StoredJob, next: WorkerMove["next"]): Promise<void> {
    if (isTerminal(job)) return;
    if (next === "progress" && job.status === "RUNNING") {
      await this.#store.recordProgress(job, { fraction: 0.5, message: "half of it" });
      await this.#store.recordCheckpoint(job, { number: 1, value: '"half of it"' });
      return;
    }
    // A job that waits is claimed by a clock that is ahead.
    const now = Math.max(Date.now(), dueAt(job) ?? 0);
    const { name, values } = this.#step(job, next, now);
    this.#writes += 1;
    if (job.version > 1) await this.#events.publish(job);
    const outcome = await this.#store.transition(job, name, { now, writeId: `worker-${this.#writes}`, ...values });
    if (!outcome.applied) throw new Error(`the worker could not ${name} ${job.id}`);
    await this.#events.publish(outcome.job);
  }

  stop(): void {
    for (const client of Object.values(this.#clients)) client.destroy();
  }

  #step(job: StoredJob, next: WorkerMove["next"], now: number): { name: TransitionName; values: Partial<TransitionValues> } {
    const { attempt } = job;
    if (job.status === "QUEUED") {
      return { name: "claim", values: { leaseOwner: "worker", leaseExpiresAt: now + LEASE_MS } };
    }
    if (job.cancelRequestedAt !== undefined) return { name: "stop", values: { attempt } };
    const error = { code: "TestFailed", message: "as it should" };
    const mayRetry = countedAttempts(job) < job.maxAttempts;
    switch (next) {
      case "succeed":
        return {
          name: "succeed",
          values: { attempt, result: JSON.stringify({ own: this.#file(job), others: this.#file({ ...job, id: "other" }) }) },
        };
      case "succeedLarge": {
        const { contentType: _, ...resultLocation } = this.#file(job);
        return { name: "succeed", values: { attempt, resultLocation } };
      }
      case "release":
        return job.interruptions < 5 ? { name: "release", values: { attempt } } : { name: "fail", values: { attempt, error } };
      default:
        if (next !== "retry" || !mayRetry) return { name: "fail", values: { attempt, error } };
        return { name: "retry", values: { attempt, error, nextAttemptAt: new Date(now + RETRY_MS).toISOString() } };
    }
  }

  #file({ type, id, attempt }: StoredJob) {
    const key = `results/${type}/${id}/${attempt}/files/a.txt`;
    return { bucket: this.#bucket, key, bytes: 5, contentType: "text/plain" };
  }
}
