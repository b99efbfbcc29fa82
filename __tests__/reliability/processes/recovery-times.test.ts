import { describe, expect, it } from "vitest";
import type { StoredJob } from "../../../domain/job.ts";
import { buildJob } from "../../support/build-job.ts";
import { recoveryTimes } from "./recovery-times.ts";
import type { TimedFact } from "./timed-recorder.ts";

const committed = (at: number, by: string, job: StoredJob): TimedFact => ({ at, fact: { kind: "committed", by, job } });
const kills = [{ by: "killed", at: 100 }];

describe("the time to recover", () => {
  const job = buildJob({ status: "RUNNING", attempt: 1 });

  it("runs from the kill to the next claim of a job that the killed worker held", () => {
    const facts = [
      committed(50, "killed", job),
      committed(120, "lambdas", { ...job, cancelRequestedAt: "2026-11-02T09:00:01.000Z" }),
      committed(400, "next", { ...job, attempt: 2 }),
    ];
    expect(recoveryTimes(facts, kills)).toEqual([300]);
  });

  it("ends as well where the job is ended rather than claimed", () => {
    const ended = committed(250, "next", { ...job, status: "FAILED" });
    expect(recoveryTimes([committed(50, "killed", job), ended], kills)).toEqual([150]);
  });

  it("is none of a job that its worker had ended, or handed back", () => {
    const facts = [committed(50, "killed", job), committed(60, "killed", { ...job, status: "QUEUED" })];
    expect(recoveryTimes([...facts, committed(400, "next", { ...job, attempt: 2 })], kills)).toEqual([]);
  });

  it("is none of another worker's job", () => {
    const facts = [committed(50, "killed", job), committed(70, "other", { ...job, attempt: 2 })];
    expect(recoveryTimes([...facts, committed(400, "next", { ...job, attempt: 3 })], kills)).toEqual([]);
  });
});
