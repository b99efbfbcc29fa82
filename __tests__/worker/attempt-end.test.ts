import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StoredJob } from "../../domain/job.ts";
import { MAX_INTERRUPTIONS } from "../../domain/limits.ts";
import { attemptEnd } from "../../worker/attempt-end.ts";
import type { RunOutcome } from "../../worker/runners/runner.ts";
import { applyTransition } from "../support/apply-transition.ts";
import { ADDED_AT, buildJob } from "../support/build-job.ts";
import { runs } from "../support/property-runs.ts";

const RETURNED: RunOutcome = { kind: "returned", json: "1" };
const FAILED = { kind: "failed", code: "HandlerError", message: "no luck", permanent: false } as const;
const PERMANENT = { ...FAILED, permanent: true };
const NOT_BEGUN = { kind: "notBegun", code: "ENOSPC", message: "the disk is full" } as const;
const CANCEL = { cancelRequestedAt: "2026-11-02T09:00:01.000Z" };
const DISK_FULL = { code: "ENOSPC", message: "the disk is full" };
const jobType = { timeoutSeconds: 60, retry: { baseSeconds: 4, maxSeconds: 20 } };
const running = (overrides: Partial<StoredJob> = {}) => buildJob({ status: "RUNNING", ...overrides });
const half = () => 0.5;

describe("how an attempt ends", () => {
  it.each<[string, Partial<StoredJob>, RunOutcome, Parameters<typeof attemptEnd>[2], object]>([
    ["a result", {}, RETURNED, undefined, { name: "succeed" }],
    ["a result after the timeout was told", {}, RETURNED, "JobTimeout", { name: "succeed" }],
    ["a result during a shutdown", {}, RETURNED, "WorkerShutdown", { name: "succeed" }],
    ["a result of a job to be cancelled", CANCEL, RETURNED, undefined, { name: "stop" }],
    ["an error of a job to be cancelled", CANCEL, PERMANENT, "JobCancelled", { name: "stop" }],
    ["a shutdown of a job to be cancelled", CANCEL, FAILED, "WorkerShutdown", { name: "stop" }],
    ["a shutdown", {}, FAILED, "WorkerShutdown", { name: "release" }],
    ["a shutdown on the last attempt", { attempt: 3 }, FAILED, "WorkerShutdown", { name: "release" }],
    ["an attempt that could not begin", {}, NOT_BEGUN, undefined, { name: "release", error: DISK_FULL }],
    ["a last attempt that could not begin", { attempt: 3 }, NOT_BEGUN, undefined, { name: "release", error: DISK_FULL }],
    ["an attempt of a job to be cancelled that could not begin", CANCEL, NOT_BEGUN, undefined, { name: "stop" }],
    ["a permanent error", {}, PERMANENT, undefined, { name: "fail", error: { code: "HandlerError", message: "no luck" } }],
    [
      "a permanent error after the timeout was told",
      {},
      PERMANENT,
      "JobTimeout",
      { name: "fail", error: { code: "HandlerError", message: "no luck" } },
    ],
    ["a permanent error during a shutdown, which may be its reason", {}, PERMANENT, "WorkerShutdown", { name: "release" }],
    [
      "an error on the last attempt",
      { attempt: 3 },
      FAILED,
      undefined,
      { name: "fail", error: { code: "HandlerError", message: "no luck" } },
    ],
    [
      "an error before",
      { attempt: 2 },
      FAILED,
      undefined,
      { name: "retry", error: { code: "HandlerError", message: "no luck" }, delaySeconds: 4 },
    ],
    [
      "an error after interruptions",
      { attempt: 5, interruptions: 4 },
      FAILED,
      undefined,
      expect.objectContaining({ delaySeconds: 2 }),
    ],
    [
      "an error that chose its delay",
      {},
      { ...FAILED, retryAfterSeconds: 7 },
      undefined,
      expect.objectContaining({ delaySeconds: 7 }),
    ],
    [
      "an error that chose no delay at all",
      {},
      { ...FAILED, retryAfterSeconds: 0 },
      undefined,
      expect.objectContaining({ delaySeconds: 0 }),
    ],
  ])("given %s", (_, overrides, outcome, aborted, end) => {
    expect(attemptEnd(running(overrides), outcome, aborted, jobType, half)).toEqual(end);
  });

  it("names the timeout, and what the handler made of it", () => {
    const end = attemptEnd(running({ attempt: 3 }), FAILED, "JobTimeout", jobType, half);
    expect(end).toEqual({ name: "fail", error: { code: "JobTimeout", message: "the attempt took longer than 60 s (no luck)" } });
  });

  it("counts a hand-back as an attempt once there have been too many", () => {
    const often = { attempt: MAX_INTERRUPTIONS + 1, interruptions: MAX_INTERRUPTIONS };
    expect(attemptEnd(running(often), FAILED, "WorkerShutdown", jobType, half)).toMatchObject({ name: "retry" });
    const exhausted = { attempt: MAX_INTERRUPTIONS + 3, interruptions: MAX_INTERRUPTIONS };
    expect(attemptEnd(running(exhausted), FAILED, "WorkerShutdown", jobType, half)).toMatchObject({ name: "fail" });
    expect(attemptEnd(running(often), NOT_BEGUN, undefined, jobType, half)).toMatchObject({ name: "retry", error: DISK_FULL });
    expect(attemptEnd(running(exhausted), NOT_BEGUN, undefined, jobType, half)).toEqual({ name: "fail", error: DISK_FULL });
  });

  it("is always a transition that the table allows, with attempts bounded and the delay within full jitter", () => {
    const outcomes = fc.constantFrom<RunOutcome>(RETURNED, FAILED, PERMANENT, NOT_BEGUN, { ...FAILED, retryAfterSeconds: 9 });
    const aborts = fc.constantFrom(undefined, "JobCancelled", "JobTimeout", "WorkerShutdown", "LeaseLost");
    const interruptions = fc.integer({ min: 0, max: MAX_INTERRUPTIONS + 2 });
    const counted = fc.integer({ min: 1, max: 5 });
    const randoms = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(
        outcomes,
        aborts,
        interruptions,
        counted,
        fc.boolean(),
        randoms,
        (outcome, aborted, interrupted, count, asked, random) => {
          const job = running({ attempt: interrupted + count, interruptions: interrupted, ...(asked ? CANCEL : {}) });
          const end = attemptEnd(job, outcome, aborted as Parameters<typeof attemptEnd>[2], jobType, () => random);
          const values = { now: ADDED_AT, writeId: "w", attempt: job.attempt };
          expect(applyTransition(job, job.version, end.name, values)).toMatchObject({ version: job.version + 1 });
          expect(end.name === "stop").toBe(asked);
          if (end.name === "retry") {
            expect(count).toBeLessThan(job.maxAttempts);
            const bound = Math.min(jobType.retry.maxSeconds, jobType.retry.baseSeconds * 2 ** (count - 1));
            if (!("retryAfterSeconds" in outcome)) expect(end.delaySeconds).toBeLessThanOrEqual(bound);
            expect(end.delaySeconds).toBeGreaterThanOrEqual(0);
          }
          if (end.name === "release") expect(interrupted).toBeLessThan(MAX_INTERRUPTIONS);
        },
      ),
      runs(500),
    );
  });
});
