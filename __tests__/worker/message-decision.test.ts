import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isLeased, isTerminal, type StoredJob } from "../../domain/job.ts";
import { JOB_LIFETIME_DAYS } from "../../domain/limits.ts";
import { decideOnMessage, isTooOld } from "../../worker/message-decision.ts";
import { applyTransition } from "../support/apply-transition.ts";
import { ADDED_AT, buildJob } from "../support/build-job.ts";
import { runs } from "../support/property-runs.ts";

const NOW = ADDED_AT + 60_000;
const LATE = ADDED_AT + JOB_LIFETIME_DAYS * 86_400_000 + 1;
const JOB_TYPE = { name: "canary", timeoutSeconds: 0 };
const CANCEL = { cancelRequestedAt: new Date(ADDED_AT + 5_000).toISOString() };
const at = (time: number) => new Date(time).toISOString();
const LEASED = { kind: "leased", until: NOW, since: ADDED_AT };
const WAITING = { attempt: 1, version: 3, runAt: at(ADDED_AT + 1_000), nextAttemptAt: at(NOW + 5_000) };
const transition = (name: string, code?: string) => ({
  kind: "transition",
  name,
  ...(code === undefined ? {} : { error: { code, message: expect.any(String) } }),
});

describe("what a worker does with a message", () => {
  it.each<[string, Partial<StoredJob> | undefined, number, object]>([
    ["no job", undefined, NOW, { kind: "missing" }],
    ["a job of another type", { type: "other" }, NOW, { kind: "missing" }],
    ["a job that succeeded", { status: "SUCCEEDED" }, NOW, { kind: "ended" }],
    ["a job that failed", { status: "FAILED" }, NOW, { kind: "ended" }],
    ["a job that was cancelled", { status: "CANCELLED" }, NOW, { kind: "ended" }],
    ["a job that ended so long ago that it has expired", { status: "FAILED" }, LATE, { kind: "ended", mayBeReplaced: true }],
    [
      "one that has by a clock that is ahead",
      { expiresAt: NOW / 1_000 + 60, status: "FAILED" },
      NOW,
      { kind: "ended", mayBeReplaced: true },
    ],
    ["a new job", {}, NOW, transition("claim")],
    ["a job that waits for its third attempt", { attempt: 2, version: 5 }, NOW, transition("claim")],
    ["a job whose delay is not over", { runAt: at(NOW + 1) }, NOW, { kind: "early", due: NOW + 1 }],
    ["a job whose delay ends now", { runAt: at(NOW) }, NOW, transition("claim")],
    ["a job whose wait for a retry is not over", WAITING, NOW, { kind: "early", due: NOW + 5_000 }],
    ["a job whose wait for a retry is over", WAITING, NOW + 5_000, transition("claim")],
    ["one of these without attempts left", { ...WAITING, attempt: 3 }, NOW, transition("failQueued", "WorkerLost")],
    [
      "a job that would wait for longer than it may",
      { nextAttemptAt: at(LATE + 1) },
      LATE,
      transition("failQueued", "JobExpired"),
    ],
    ["a job that is too old", {}, LATE, transition("failQueued", "JobExpired")],
    ["a waiting job without attempts left", { attempt: 3 }, NOW, transition("failQueued", "WorkerLost")],
    ["a job whose interruptions cost no attempt", { attempt: 3, interruptions: 1 }, NOW, transition("claim")],
    ["a leased job", { status: "RUNNING", leaseExpiresAt: NOW + 1 }, NOW, { ...LEASED, until: NOW + 1 }],
    ["a job whose lease ends now", { status: "RUNNING", leaseExpiresAt: NOW }, NOW, LEASED],
    ["a leased job that is to stop", { status: "RUNNING", leaseExpiresAt: NOW, ...CANCEL }, NOW, LEASED],
    ["a job whose worker died", { status: "RUNNING" }, NOW, transition("takeOver")],
    ["a job to be cancelled whose worker died", { status: "RUNNING", ...CANCEL }, NOW, transition("stopAbandoned")],
    ["one of these that is too old as well", { status: "RUNNING", ...CANCEL }, LATE, transition("stopAbandoned")],
    ["a job whose last worker died", { status: "RUNNING", attempt: 3 }, NOW, transition("failAbandoned", "WorkerLost")],
    ["an abandoned job that is too old", { status: "RUNNING" }, LATE, transition("failAbandoned", "JobExpired")],
  ])("given %s", (_, overrides, now, decision) => {
    expect(decideOnMessage(overrides && buildJob(overrides), JOB_TYPE, now)).toEqual(decision);
  });

  it("is never a transition for a job that has ended or that somebody holds, and always one that the table allows", () => {
    const jobs = fc.record({
      status: fc.constantFrom("QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"),
      attempt: fc.integer({ min: 0, max: 6 }),
      interruptions: fc.integer({ min: 0, max: 3 }),
      leaseExpiresAt: fc.integer({ min: NOW - 2, max: NOW + 2 }),
      asked: fc.boolean(),
      due: fc.constantFrom(undefined, NOW - 1, NOW, NOW + 1),
    });
    const ages = fc.constantFrom(0, LATE - NOW);
    fc.assert(
      fc.property(jobs, ages, ({ status, attempt, interruptions, leaseExpiresAt, asked, due }, age) => {
        const running = status === "RUNNING";
        const { leaseExpiresAt: _, ...bare } = buildJob({ status: status as StoredJob["status"], attempt, interruptions });
        const job: StoredJob = {
          ...bare,
          ...(status === "QUEUED" && due !== undefined ? { nextAttemptAt: at(due + age) } : {}),
          ...(running ? { leaseExpiresAt: leaseExpiresAt + age, ...(asked ? CANCEL : {}) } : {}),
        };
        const decision = decideOnMessage(job, JOB_TYPE, NOW + age);
        expect(decision.kind === "ended").toBe(isTerminal(job));
        expect(decision.kind === "leased").toBe(isLeased(job, NOW + age));
        if (decision.kind === "early") expect(decision.due).toBe((due ?? 0) + age);
        if (decision.kind !== "transition") return;
        const values = { now: NOW + age, writeId: "w", leaseOwner: "me", leaseExpiresAt: NOW + age + 1 };
        expect(applyTransition(job, job.version, decision.name, values)).toMatchObject({ version: job.version + 1 });
      }),
      runs(500),
    );
  });

  it("takes a job or a message for expired only past its lifetime", () => {
    expect([LATE - 1, LATE].map((now) => isTooOld(now - ADDED_AT, 0))).toEqual([false, true]);
  });

  it("takes a job whose attempt could outlive its lifetime for expired already", () => {
    const slow = { name: "canary", timeoutSeconds: 7 * 86_400 };
    const day = (days: number) => ADDED_AT + days * 86_400_000;
    expect(decideOnMessage(buildJob(), slow, day(6))).toEqual(transition("claim"));
    expect(decideOnMessage(buildJob(), slow, day(6) + 1)).toEqual(transition("failQueued", "JobExpired"));
    expect(decideOnMessage(buildJob({ status: "RUNNING" }), slow, day(7))).toEqual(transition("failAbandoned", "JobExpired"));
  });
});
