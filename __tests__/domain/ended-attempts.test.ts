import { describe, expect, it } from "vitest";
import { leaseOwner, withEndedAttempt } from "../../domain/ended-attempts.ts";
import type { StoredJob } from "../../domain/job.ts";
import { jobSchema } from "../../domain/job-schema.ts";
import { ADDED_AT, buildJob } from "../support/build-job.ts";
import { publicJob } from "../support/public-job.ts";

const NOW = ADDED_AT + 60_000;
const error = { code: "RatesUnavailable", message: "503" };

function running(overrides: Partial<StoredJob> = {}): StoredJob {
  return buildJob({ status: "RUNNING", leaseOwner: leaseOwner("task-1", "4a5b6c"), ...overrides });
}

describe("the attempts that a job tells of", () => {
  it("say when they were, who made them, how they ended and why", () => {
    const job = running({ attempt: 2, updatedAt: new Date(ADDED_AT + 5_000).toISOString() });
    expect(withEndedAttempt(job, "retry", { now: NOW, error })).toEqual([
      {
        attempt: 2,
        startedAt: new Date(ADDED_AT + 5_000).toISOString(),
        endedAt: new Date(NOW).toISOString(),
        outcome: "retry",
        error,
        worker: "task-1",
        image: "4a5b6c",
      },
    ]);
  });

  it("are lost at the end of their lease at the latest, and the job's error is not theirs", () => {
    const job = running({ leaseExpiresAt: ADDED_AT + 31_000, leaseOwner: leaseOwner("task-1", undefined) });
    expect(withEndedAttempt(job, "lost", { now: NOW, error })).toEqual([
      {
        attempt: 1,
        startedAt: job.updatedAt,
        endedAt: new Date(ADDED_AT + 31_000).toISOString(),
        outcome: "lost",
        worker: "task-1",
      },
    ]);
  });

  it("are the last ten, oldest first, each with a short message, within what the schema allows", () => {
    let job = running();
    for (let attempt = 1; attempt <= 25; attempt += 1) {
      const long = { code: "Error", message: "€".repeat(1_000) };
      const attempts = withEndedAttempt({ ...job, attempt }, "retry", { now: NOW, error: long });
      job = { ...job, ...(attempts === undefined ? {} : { attempts }) };
    }
    expect(job.attempts?.map(({ attempt }) => attempt)).toEqual([16, 17, 18, 19, 20, 21, 22, 23, 24, 25]);
    expect(job.attempts?.[0]?.error?.message).toBe(`${"€".repeat(299)}…`);
    expect(Buffer.byteLength(JSON.stringify(job.attempts))).toBeLessThan(12_000);
    expect(jobSchema.safeParse(publicJob(job)).error).toBeUndefined();
  });

  it("are those that it told of before where nothing is known of this one", () => {
    const { id, type, version } = running();
    expect(withEndedAttempt({ id, type, version } as Partial<StoredJob>, "retry", { now: NOW })).toBeUndefined();
    const attempts = withEndedAttempt(running(), "released", { now: NOW });
    expect(withEndedAttempt(attempts === undefined ? {} : { attempts }, "retry", { now: NOW })).toEqual(attempts);
  });

  it("begin anew where something else is stored in their place", () => {
    const strange = { ...running(), attempts: "many" } as unknown as StoredJob;
    expect(withEndedAttempt(strange, "released", { now: NOW })).toHaveLength(1);
  });
});
