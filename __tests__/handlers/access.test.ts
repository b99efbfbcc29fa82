import { describe, expect, it } from "vitest";
import { isExpired, readAccess, visibleJob } from "../../handlers/access.ts";
import { ADDED_AT, buildJob } from "../support/build-job.ts";

describe("the setting access", () => {
  it("is account where nothing is set", () => {
    expect(readAccess({})).toBe("account");
  });

  it.each(["account", "owner"])("may be %s", (access) => {
    expect(readAccess({ JOBS_ACCESS: access })).toBe(access);
  });

  it.each(["", "Owner", "all"])("may not be %j", (access) => {
    expect(() => readAccess({ JOBS_ACCESS: access })).toThrow('"account" or "owner"');
  });
});

describe("a job", () => {
  const job = buildJob({ owner: "ada", expiresAt: ADDED_AT / 1_000 });
  const at = (now: number, owner?: string) => ({ id: job.id, owner, now });

  it("is gone from the second after its expiry on", () => {
    expect(isExpired(job, ADDED_AT + 999)).toBe(false);
    expect(isExpired(job, ADDED_AT + 1_000)).toBe(true);
    expect(isExpired(buildJob(), Number.MAX_SAFE_INTEGER)).toBe(false);
  });

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
