import { countedAttempts, type StoredJob } from "@autoscaling-job-queues/domain/job";
import type { JobEvents } from "@autoscaling-job-queues/domain/job-events";
import type { WriteOutcome } from "@autoscaling-job-queues/domain/job-items";
import type { ReceivedMessage } from "@autoscaling-job-queues/domain/job-queue";
import type { JobStore } from "@autoscaling-job-queues/domain/job-store";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import type { TransitionValues } from "@autoscaling-job-queues/domain/transitions";
import type { LastChance } from "./last-chance.ts";
import { decideOnMessage, isTooOld } from "./message-decision.ts";
import type { HeldClaim } from "./put-back.ts";

export interface ClaimDependencies {
  readonly store: Pick<JobStore, "get" | "transition">;
  readonly events: Pick<JobEvents, "publish">;
  readonly jobType: Pick<JobType, "name" | "timeoutSeconds" | "leaseSeconds">;
  readonly leaseOwner: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly newWriteId: () => string;
  /** Whether the type is paused, so that no claim may begin. */
  readonly paused: () => Promise<boolean>;
  /** Whether the worker shuts down, and so must begin no claim. */
  readonly stopping: () => boolean;
  readonly lastChance: LastChance;
}

export type Claim =
  | { readonly kind: "claimed"; readonly job: StoredJob }
  /** The job has ended, and its end has been published; `closed` when this worker ended it. */
  | { readonly kind: "ended"; readonly job: StoredJob; readonly closed: boolean }
  /** A worker holds the job. */
  | ({ readonly kind: "leased" } & HeldClaim)
  /** The job may not start before this time (epoch milliseconds). */
  | { readonly kind: "early"; readonly due: number }
  /** The job does not exist, or has expired: the one that did. */
  | { readonly kind: "missing"; readonly expired?: StoredJob }
  /** The type was paused: the job waits. */
  | { readonly kind: "paused" }
  /** The worker began to shut down: the job is another's. */
  | { readonly kind: "stopping" };

/** Races that a claim may lose before it leaves the message to a later receive. */
const MAX_ROUNDS = 5;

/**
 * Claims the job of a message. A job that was not touched since it was added, as nearly all are, is claimed by one
 * update without a read. Any other state comes back with the failed condition; it is published before it is replaced,
 * because the process that made it may have died before it could (docs/decisions/0002-publish-before-replace.md).
 */
export async function claim(dependencies: ClaimDependencies, message: ReceivedMessage): Promise<Claim> {
  const { store, events, jobType, now, paused, stopping, lastChance } = dependencies;
  const { name: type, timeoutSeconds, leaseSeconds } = jobType;
  const id = message.body;
  let write: WriteOutcome = isTooOld(message.ageSeconds * 1_000, timeoutSeconds)
    ? { applied: false, current: await store.get(id) }
    : await store.transition({ id, type, version: 1, typeStatus: undefined }, "claim", leaseValues(dependencies));
  if (write.applied) return { kind: "claimed", job: write.job };

  for (let round = 0; round < MAX_ROUNDS && !write.applied; round += 1) {
    const job: StoredJob | undefined = write.current;
    const decision = decideOnMessage(job, jobType, now());
    if (job === undefined || decision.kind === "missing") return { kind: "missing" };
    if (decision.kind === "leased") return decision;
    const isLastChance =
      decision.kind === "transition" && decision.name === "takeOver" && countedAttempts(job) + 1 >= job.maxAttempts;
    if (isLastChance && !lastChance.acquire(message)) {
      return { kind: "leased", until: now() + leaseSeconds * 1_000, since: now() };
    }
    await events.publish(job);
    if (decision.kind === "ended")
      return decision.mayBeReplaced ? { kind: "missing", expired: job } : { kind: "ended", job, closed: false };
    if (decision.kind === "early") return decision;
    // It may have stood still since its message was received.
    if (await paused()) return { kind: "paused" };
    if (stopping()) return { kind: "stopping" };
    const values = { ...leaseValues(dependencies), ...(decision.error === undefined ? {} : { error: decision.error }) };
    write = await store.transition(job, decision.name, values);
    if (!write.applied) continue;
    if (decision.name === "claim" || decision.name === "takeOver") return { kind: "claimed", job: write.job };
    await events.publish(write.job);
    return { kind: "ended", job: write.job, closed: true };
  }
  return { kind: "leased", until: now(), since: now() };
}

function leaseValues({ jobType, leaseOwner, now, newWriteId }: ClaimDependencies): TransitionValues {
  const at = now();
  return { now: at, writeId: newWriteId(), leaseOwner, leaseExpiresAt: at + jobType.leaseSeconds * 1_000 };
}
