import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isTerminal, JOB_STATUSES, type JobStatus, type StoredJob, TERMINAL_STATUSES } from "../../domain/job.ts";
import { TRANSITION_NAMES, TRANSITIONS, type Transition, type TransitionName } from "../../domain/transitions.ts";
import { applyTransition } from "../support/apply-transition.ts";
import { ADDED_AT, buildJob } from "../support/build-job.ts";
import { runs } from "../support/property-runs.ts";
import { transitionNames, transitionValues } from "../support/transition-arbitraries.ts";

const rows: readonly Transition[] = TRANSITION_NAMES.map((name) => TRANSITIONS[name]);
const NOW = ADDED_AT + 60_000;

/** What becomes of a job by a transition of whoever holds its claim, at a time when any lease has expired. */
function outcome(job: StoredJob, name: TransitionName): StoredJob | undefined {
  return applyTransition(job, job.version, name, { now: NOW, writeId: "next", attempt: job.attempt });
}

function reachable(job: StoredJob): Set<JobStatus> {
  return new Set(TRANSITION_NAMES.flatMap((name) => outcome(job, name)?.status ?? []));
}

describe("the transition table", () => {
  it("makes every legal move, and no other", () => {
    expect(new Set(rows.map(({ from, to }) => `${from} to ${to}`))).toEqual(
      new Set([
        "QUEUED to RUNNING",
        "QUEUED to CANCELLED",
        "QUEUED to FAILED",
        "RUNNING to QUEUED",
        "RUNNING to RUNNING",
        "RUNNING to SUCCEEDED",
        "RUNNING to FAILED",
        "RUNNING to CANCELLED",
      ]),
    );
  });

  it.each([...TERMINAL_STATUSES])("has no row that leaves %s", (status) => {
    expect(rows.filter(({ from }) => from === status)).toEqual([]);
    expect(reachable(buildJob({ status, cancelRequestedAt: "2026-11-02T09:00:00.000Z" }))).toEqual(new Set());
  });

  it("lets a running job end in every way, or go back", () => {
    expect(reachable(buildJob({ status: "RUNNING" }))).toEqual(new Set(["QUEUED", "RUNNING", "SUCCEEDED", "FAILED"]));
  });

  it("leaves a job whose cancel was requested only one end", () => {
    const job = buildJob({ status: "RUNNING", cancelRequestedAt: "2026-11-02T09:00:00.000Z" });
    expect(reachable(job)).toEqual(new Set(["CANCELLED"]));
  });

  it("guards every row by which a running job succeeds, fails or is run again against a cancel request", () => {
    for (const { to, guards } of rows.filter(({ from, to }) => from === "RUNNING" && to !== "CANCELLED")) {
      expect(guards, to).toContainEqual({ attribute: "cancelRequestedAt", is: "absent" });
    }
  });

  it("lets nobody but the holder of the claim, or of an expired lease, move a running job on", () => {
    for (const name of TRANSITION_NAMES.filter((name) => TRANSITIONS[name].from === "RUNNING" && name !== "requestCancel")) {
      const job = buildJob({ status: "RUNNING", attempt: 2, leaseExpiresAt: NOW });
      expect(applyTransition(job, job.version, name, { now: NOW, writeId: "next", attempt: 1 }), name).toBeUndefined();
    }
  });

  it("counts an attempt with each claim and nowhere else", () => {
    const counting = TRANSITION_NAMES.filter((name) =>
      (TRANSITIONS as Record<string, Transition>)[name]?.changes.some(
        (change) => "increment" in change && change.increment === "attempt",
      ),
    );
    expect(counting).toEqual(["claim", "takeOver"]);
  });

  it("changes nothing for a version that is not the stored one", () => {
    const job = buildJob();
    expect(applyTransition(job, job.version + 1, "claim", { now: NOW, writeId: "next" })).toBeUndefined();
    expect(applyTransition(job, job.version - 1, "claim", { now: NOW, writeId: "next" })).toBeUndefined();
  });

  it("keeps the error of the last attempt while the job waits for the next, and drops it when that starts", () => {
    const error = { code: "Error", message: "flaky" };
    const running = buildJob({ status: "RUNNING" });
    const waiting = applyTransition(running, running.version, "retry", { now: NOW, writeId: "retry", attempt: 1, error });
    expect(waiting?.error).toEqual(error);
    expect(waiting && outcome(waiting, "claim")).not.toHaveProperty("error");
  });

  it("tells of each attempt that ends without ending the job, and of one that was lost", () => {
    const telling = TRANSITION_NAMES.flatMap((name) =>
      (TRANSITIONS[name] as Transition).changes.flatMap((change) => ("append" in change ? `${name}: ${change.outcome}` : [])),
    );
    expect(telling).toEqual(["takeOver: lost", "retry: retry", "release: released", "failAbandoned: lost"]);
  });

  it.each(["claim", "takeOver", "retry", "release", "succeed"] as const)(
    "shows progress and heartbeat of no attempt that is over: %s",
    (name) => {
      const status = TRANSITIONS[name].from;
      const job = buildJob({ status, progress: { fraction: 0.5 }, heartbeatAt: "2026-11-02T09:00:10.000Z" });
      const next = outcome(job, name);
      expect(next).toMatchObject({ status: TRANSITIONS[name].to });
      expect(next).not.toHaveProperty("progress");
      expect(next).not.toHaveProperty("heartbeatAt");
    },
  );

  it.each(["runAt", "nextAttemptAt"] as const)("claims no job before its %s, and any from then on", (attribute) => {
    const due = (time: number) => buildJob({ [attribute]: new Date(time).toISOString() });
    expect(outcome(due(NOW + 1), "claim")).toBeUndefined();
    expect(outcome(due(NOW), "claim")).toMatchObject({ status: "RUNNING" });
  });

  it.each(["claim", "cancel", "failQueued"] as const)("ends the wait for a retry by %s", (name) => {
    const job = outcome(buildJob({ nextAttemptAt: new Date(NOW).toISOString(), runAt: new Date(NOW).toISOString() }), name);
    expect(job).not.toHaveProperty("nextAttemptAt");
    expect(job).toHaveProperty("runAt");
  });

  it("stores a result of null", () => {
    const job = buildJob({ status: "RUNNING" });
    const done = applyTransition(job, job.version, "succeed", { now: NOW, writeId: "done", attempt: 1, result: "null" });
    expect(done).toHaveProperty("result", "null");
  });
});

describe("the life of a job, whatever happens to it", () => {
  const steps = fc.array(fc.tuple(transitionNames, transitionValues), { minLength: 1, maxLength: 40 });

  it("holds the invariants at every step", () => {
    fc.assert(
      fc.property(steps, (happenings) => {
        let job = buildJob();
        for (const [name, values] of happenings) {
          const before = structuredClone(job);
          const next = applyTransition(job, job.version, name, values);
          expect(job).toEqual(before);
          if (next === undefined) continue;
          expect(isTerminal(job)).toBe(false);
          expect(next.version).toBe(job.version + 1);
          expect(next.attempt - job.attempt).toBe(name === "claim" || name === "takeOver" ? 1 : 0);
          expect(next.interruptions - job.interruptions).toBe(name === "release" ? 1 : 0);
          expect(next.lastWriteId).toBe(values.writeId);
          expect(next.typeStatus).toBe(`canary#${next.status}`);
          expect(next.createdAtId).toBe(job.createdAtId);
          expect("leaseExpiresAt" in next).toBe(next.status === "RUNNING");
          expect("finishedAt" in next).toBe(isTerminal(next));
          expect("expiresAt" in next).toBe(isTerminal(next));
          if (job.startedAt !== undefined) expect(next.startedAt).toBe(job.startedAt);
          if (next.status !== "RUNNING") expect(next).not.toHaveProperty("progress");
          const ended = ["retry", "release", "takeOver", "failAbandoned"].includes(name) ? 1 : 0;
          expect(next.attempts ?? []).toHaveLength(Math.min(10, (job.attempts ?? []).length + ended));
          if (ended === 1) expect(next.attempts?.at(-1)).toMatchObject({ attempt: job.attempt, startedAt: job.updatedAt });
          else expect(next.attempts).toBe(job.attempts);
          expect(next.nextAttemptAt).toBe(name === "retry" ? values.nextAttemptAt : undefined);
          if (name === "claim") expect((job.nextAttemptAt ?? "") <= next.updatedAt).toBe(true);
          if (next.status === "SUCCEEDED") expect(next).not.toHaveProperty("cancelRequestedAt");
          job = next;
        }
      }),
      runs(1_000),
    );
  });

  it("reaches every status", () => {
    const seen = new Set<JobStatus>();
    fc.assert(
      fc.property(steps, (happenings) => {
        let job = buildJob();
        for (const [name, values] of happenings) job = applyTransition(job, job.version, name, values) ?? job;
        seen.add(job.status);
      }),
      runs(300),
    );
    expect([...seen].sort()).toEqual([...JOB_STATUSES].sort());
  });
});
