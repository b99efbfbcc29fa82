import type { JobClaim } from "@autoscaling-job-queues/domain/job";
import type { JobQueue } from "@autoscaling-job-queues/domain/job-queue";
import type { JobStore } from "@autoscaling-job-queues/domain/job-store";
import { isNewerState } from "@autoscaling-job-queues/domain/newer-state";
import { claimKey, type FromLeaseThread, type Hold } from "./messages.ts";

export interface LeaseHeartbeatSettings {
  readonly store: Pick<JobStore, "extendLease" | "getMany">;
  readonly queue: Pick<JobQueue, "setVisibility">;
  readonly leaseSeconds: number;
  /** Milliseconds between two looks for cancel requests. */
  readonly cancelPollMs: number;
  /** Epoch milliseconds, for what others read. */
  readonly now: () => number;
  /** Milliseconds of a clock that is never set, for how long something takes: a lease must be renewed though the time is set back. */
  readonly clock: () => number;
  readonly report: (message: FromLeaseThread) => void;
}

interface Held {
  readonly hold: Hold;
  /** By the clock that is never set. */
  readonly overdueAt: number;
  /** The newest version that the worker knows or has been told about. */
  version: number;
  /** By the clock that is never set. */
  renewedAt: number;
  /** SQS refused to hide its message any longer: past 12 h it always will, and so with a stale handle. */
  isMessageGone: boolean;
}

/** A lease is renewed three times within its length, so that two lost heartbeats cost nothing. */
const RENEWALS_PER_LEASE = 3;

/**
 * Keeps the leases of the jobs in hand: renews each job's lease (fenced by its claim) and its message's visibility, and
 * looks for versions that others made, by one batched, eventually consistent read of all jobs.
 */
export class LeaseHeartbeat {
  readonly #settings: LeaseHeartbeatSettings;
  readonly #held = new Map<string, Held>();
  #polledAt = 0;
  #polling = false;

  constructor(settings: LeaseHeartbeatSettings) {
    this.#settings = settings;
  }

  /** Holds a claim. That loses an older one of the same job, which the worker may still run. */
  hold(hold: Hold): void {
    const older = this.#held.get(hold.id);
    if (older !== undefined) this.#lost(older);
    const { now, clock } = this.#settings;
    const renewedAt = clock();
    const overdueAt = renewedAt + hold.overdueAt - now();
    this.#held.set(hold.id, { hold, overdueAt, version: hold.version, renewedAt, isMessageGone: false });
  }

  drop(claim: JobClaim): void {
    if (this.#isHeld(claim)) this.#held.delete(claim.id);
  }

  /** A job that the worker should have ended by now. */
  overdue(): Hold | undefined {
    const now = this.#settings.clock();
    return [...this.#held.values()].find(({ overdueAt }) => overdueAt < now)?.hold;
  }

  /** Starts what is due. Calls that fail are reported, and made again at the next tick they are due. */
  tick(): void {
    const now = this.#settings.clock();
    const interval = (this.#settings.leaseSeconds * 1_000) / RENEWALS_PER_LEASE;
    for (const held of this.#held.values()) {
      if (now - held.renewedAt >= interval) {
        held.renewedAt = now;
        void this.#renew(held);
      }
    }
    if (this.#held.size > 0 && !this.#polling && now - this.#polledAt >= this.#settings.cancelPollMs) {
      this.#polledAt = now;
      void this.#poll();
    }
  }

  async #renew(held: Held): Promise<void> {
    const { receiptHandle } = held.hold;
    const { store, queue, leaseSeconds, now } = this.#settings;
    const { renewedAt } = held;
    const visibility = held.isMessageGone
      ? undefined
      : queue.setVisibility(receiptHandle, leaseSeconds).catch((error: Error) => {
          // The lease still holds the job.
          held.isMessageGone = error.name === "BatchEntryError";
          this.#failed("ChangeMessageVisibility", error);
        });
    try {
      const at = now();
      if (!(await store.extendLease(held.hold, at + leaseSeconds * 1_000, at))) this.#lost(held);
    } catch (error) {
      this.#failed("UpdateItem", error as Error);
      held.renewedAt = renewedAt - (leaseSeconds * 1_000) / RENEWALS_PER_LEASE + 1_000;
    }
    await visibility;
  }

  async #poll(): Promise<void> {
    this.#polling = true;
    try {
      for (const job of await this.#settings.store.getMany([...this.#held.keys()])) {
        const held = this.#held.get(job.id);
        // The read may be older than what the worker knows.
        if (held === undefined || !isNewerState(job, { ...held.hold, version: held.version })) continue;
        held.version = job.version;
        if (job.status === "RUNNING" && this.#isHeld(job)) this.#settings.report({ kind: "changed", job });
        else this.#lost(held);
      }
    } catch (error) {
      this.#failed("BatchGetItem", error as Error);
    } finally {
      this.#polling = false;
    }
  }

  #lost(held: Held): void {
    const { id, createdAt, attempt } = held.hold;
    if (this.#held.get(id) !== held) return;
    this.#held.delete(id);
    this.#settings.report({ kind: "lost", claim: { id, createdAt, attempt } });
  }

  #isHeld(claim: JobClaim): boolean {
    const held = this.#held.get(claim.id);
    return held !== undefined && claimKey(held.hold) === claimKey(claim);
  }

  #failed(call: string, error: Error): void {
    this.#settings.report({ kind: "failed", call, message: `${error.name}: ${error.message}` });
  }
}
