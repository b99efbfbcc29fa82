import fc from "fast-check";
import type { EndedAttempt } from "../../domain/ended-attempts.ts";
import { JOB_STATUSES, type JobStatus, type StoredJob } from "../../domain/job.ts";
import { typeStatusKey } from "../../domain/list-partitions.ts";
import { TRANSITION_NAMES, type TransitionValues } from "../../domain/transitions.ts";
import { ADDED_AT, buildJob } from "./build-job.ts";

/** Few different times and attempts, so that guards hold about as often as not, and their boundaries are met. */
const seconds = (min: number, max: number) => fc.integer({ min, max }).map((second) => ADDED_AT + second * 1_000);
const times = seconds(0, 3);
const attempts = fc.integer({ min: 1, max: 2 });
const isoTimes = times.map((time) => new Date(time).toISOString());
const errors = fc.record({ code: fc.constantFrom("Error", "Timeout"), message: fc.string() }, { noNullPrototype: true });
const contents = fc.constantFrom("null", "false", "0", '""', '"text"', "[]", "{}", '{"pages":[1,2.5,{"deep":[null]}]}');
const locations = fc.constantFrom({ bucket: "results", key: "results/canary/1/result.json", bytes: 5_000 });

const endedAttempts: fc.Arbitrary<EndedAttempt> = fc.record(
  {
    attempt: attempts,
    startedAt: isoTimes,
    endedAt: isoTimes,
    outcome: fc.constantFrom("retry", "released", "lost"),
    worker: fc.constant("w"),
  },
  { noNullPrototype: true },
);

/** Drops keys at random: each may be absent, none is undefined. */
function anyOf<Shape extends object>(shape: { [Key in keyof Shape]: fc.Arbitrary<Shape[Key]> }): fc.Arbitrary<Partial<Shape>> {
  return fc.record(shape, { requiredKeys: [] }) as fc.Arbitrary<Partial<Shape>>;
}

export const transitionNames = fc.constantFrom(...TRANSITION_NAMES);

/** What a caller may give; every claim comes with its lease, and whoever holds one names it. */
export const transitionValues: fc.Arbitrary<TransitionValues> = fc
  .tuple(
    fc.record({
      now: seconds(1, 4),
      writeId: fc.uuid(),
      attempt: attempts,
      leaseOwner: fc.constantFrom("worker-1", "worker-2"),
      leaseExpiresAt: times,
    }),
    anyOf<Pick<TransitionValues, "result" | "resultLocation" | "error" | "nextAttemptAt">>({
      result: contents,
      resultLocation: locations,
      error: errors,
      nextAttemptAt: isoTimes,
    }),
  )
  .map(([required, optional]) => ({ ...required, ...optional }));

/**
 * Stored jobs in any state, also such as no history leads to: whatever the table holds, all readers must agree on it.
 *
 * @param often the status that most of them have.
 */
export const storedJobs = (often: JobStatus): fc.Arbitrary<StoredJob> =>
  fc
    .tuple(
      fc.record({
        status: fc.oneof({ arbitrary: fc.constant(often), weight: 4 }, fc.constantFrom(...JOB_STATUSES)),
        version: fc.integer({ min: 1, max: 3 }),
        attempt: attempts,
        interruptions: fc.integer({ min: 0, max: 2 }),
      }),
      fc.oneof({ arbitrary: fc.record({ leaseExpiresAt: times }), weight: 4 }, fc.constant({})),
      fc.constantFrom(0, 1, 31),
      anyOf<StoredJob>({
        leaseOwner: fc.constantFrom("worker-1", "worker-2 image"),
        cancelRequestedAt: isoTimes,
        runAt: isoTimes,
        nextAttemptAt: isoTimes,
        startedAt: isoTimes,
        finishedAt: isoTimes,
        expiresAt: fc.constant(ADDED_AT / 1_000),
        heartbeatAt: isoTimes,
        attempts: fc.array(endedAttempts, { minLength: 1, maxLength: 12 }).map((all): readonly EndedAttempt[] => all),
        progress: fc.constantFrom({ fraction: 0 }, { fraction: 0.5, message: "half" }),
        checkpoint: fc.constantFrom({ number: 1, value: "1" }),
        error: errors,
        result: contents,
        resultLocation: locations,
        tags: fc.constantFrom({}, { team: "a" }),
        groupId: fc.constantFrom("tenant-1"),
      } as { [Key in keyof StoredJob]: fc.Arbitrary<StoredJob[Key]> }),
    )
    .map(([required, lease, partition, optional]) => ({
      ...buildJob(),
      ...required,
      ...lease,
      ...optional,
      typeStatus: typeStatusKey("canary", required.status, partition),
      ...(partition === 0 ? {} : { claimedTypeStatus: typeStatusKey("canary", "RUNNING", partition) }),
    }));
