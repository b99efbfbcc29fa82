import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StoredJob } from "../../../domain/job.ts";
import { TRANSITION_NAMES } from "../../../domain/transitions.ts";
import { applyTransition } from "../../support/apply-transition.ts";
import { ADDED_AT, buildJob } from "../../support/build-job.ts";
import { type CommitContext, commitViolations } from "./commit-rules.ts";

const WORKERS = ["worker-1", "worker-2"] as const;
const LEASE_MS = 30_000;
/** Longer than some tries are apart, and shorter than others. */
const RETRY_MS = 5_000;

/** One try to replace the state: by whom, how, and how long after the try before. */
const tries = fc.array(
  fc.record({
    by: fc.constantFrom(...WORKERS),
    // Ends are rare, so that lives are long.
    name: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom("claim", "takeOver", "retry", "release") },
      { weight: 1, arbitrary: fc.constantFrom(...TRANSITION_NAMES) },
    ),
    seconds: fc.constantFrom(1, 10, 40),
  }),
  { minLength: 20, maxLength: 40 },
);

interface Step {
  readonly before: StoredJob;
  readonly after: StoredJob;
  readonly context: CommitContext;
}

/** The steps that the transition table allows of these; a worker names the attempt that it claimed last. */
function stepsOf(
  job: StoredJob,
  given: readonly { by: string; name: (typeof TRANSITION_NAMES)[number]; seconds: number }[],
): Step[] {
  const claims = new Map<string, number>();
  const claimants = new Map<number, string>();
  const steps: Step[] = [];
  let before = job;
  let now = ADDED_AT;
  for (const [index, { by, name, seconds }] of given.entries()) {
    now += seconds * 1_000;
    const isOver = before.attempt - before.interruptions >= before.maxAttempts;
    if (isOver && (name === "claim" || name === "takeOver")) continue;
    const lease = { leaseOwner: by, leaseExpiresAt: now + LEASE_MS };
    const values = {
      now,
      writeId: `w-${index}`,
      attempt: claims.get(by) ?? 0,
      error: { code: "Error", message: "no" },
      nextAttemptAt: new Date(now + RETRY_MS).toISOString(),
      ...lease,
    };
    const after = applyTransition(before, before.version, name, values);
    if (after === undefined) continue;
    steps.push({ before, after, context: { by, claimedBy: claimants.get(before.attempt) } });
    if (after.attempt !== before.attempt) {
      claims.set(by, after.attempt);
      claimants.set(after.attempt, by);
    }
    before = after;
  }
  return steps;
}

describe("the rules of a single commit", () => {
  it("allow whatever the transition table allows to workers that respect the attempts", () => {
    let count = 0;
    fc.assert(
      fc.property(tries, (given) => {
        for (const { before, after, context } of stepsOf(buildJob(), given)) {
          expect(commitViolations(before, after, context)).toEqual([]);
          count += 1;
        }
      }),
      { seed: 4, numRuns: 300 },
    );
    expect(count).toBeGreaterThan(1_000);
  });

  it("allow a job's creation, and nothing else as its first commit", () => {
    const job = buildJob();
    expect(commitViolations(undefined, job, { by: "api" })).toEqual([]);
    const claimed = buildJob({ status: "RUNNING" });
    const broken = commitViolations(undefined, claimed, { by: "worker-1" }).map(({ invariant }) => invariant);
    expect(broken).toEqual([7, 5, 8]);
  });

  it("let the clock of who writes decide whether a lease has ended", () => {
    const before = buildJob({ status: "RUNNING" });
    const leaseExpiresAt = before.leaseExpiresAt ?? 0;
    const failedAt = (now: number): StoredJob =>
      applyTransition({ ...before, leaseExpiresAt: 0 }, 2, "failAbandoned", {
        now,
        writeId: "w",
        error: { code: "E", message: "" },
      }) as StoredJob;
    const context = { by: "worker-2", claimedBy: "worker-1" };
    expect(commitViolations(before, failedAt(leaseExpiresAt + 1), context)).toEqual([]);
    expect(commitViolations(before, failedAt(leaseExpiresAt), context)).toEqual([expect.objectContaining({ invariant: 9 })]);
    const extended = { ...context, leaseExpiresAt: leaseExpiresAt + 10_000 };
    expect(commitViolations(before, failedAt(leaseExpiresAt + 1), extended)).toEqual([expect.objectContaining({ invariant: 9 })]);
  });
});
