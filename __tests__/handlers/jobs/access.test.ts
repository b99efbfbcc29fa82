import { describe, expect, it } from "vitest";
import { visibleJob } from "../../../handlers/jobs/access.ts";
import { ADDED_AT, buildJob } from "../../support/build-job.ts";

describe("a job", () => {
  const job = buildJob({ owner: "ada", expiresAt: ADDED_AT / 1_000 });
  const at = (now: number, owner?: string) => ({ id: job.id, owner, now });

  it("is visible to its owner, and to all where access is by account", () => {
    expect(visibleJob(job, at(ADDED_AT, "ada"))).toBe(job);
    expect(visibleJob(job, at(ADDED_AT))).toBe(job);
  });

  it("looks to others as if there were none", () => {
    const messages = [job, undefined, buildJob({ expiresAt: 1 })].map((stored) => {
      try {
        return visibleJob(stored, at(ADDED_AT, "bob"));
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(new Set(messages)).toEqual(new Set([`there is no job ${job.id}; finished jobs are deleted after a while`]));
  });
});
