import { describe, expect, it } from "vitest";
import { jobEvent } from "../../domain/job-events.ts";
import { JobBoard } from "../../local/job-board.ts";
import { buildJob } from "../support/build-job.ts";

const event = (id: string, version: number, status: "QUEUED" | "RUNNING" | "SUCCEEDED", type = "canary") =>
  jobEvent({ ...buildJob({ status, type }), id, version });

describe("the job board", () => {
  it("keeps the highest version of each job, whatever the order and however often events come", () => {
    const board = new JobBoard();
    for (const [version, status] of [
      [3, "SUCCEEDED"],
      [1, "QUEUED"],
      [2, "RUNNING"],
      [3, "SUCCEEDED"],
    ] as const) {
      board.apply(event("a", version, status));
    }
    expect(board.job("a")?.status).toBe("SUCCEEDED");
    expect(board.states("a")).toEqual(["QUEUED", "RUNNING", "SUCCEEDED"]);
    expect([board.received, board.ended()]).toEqual([4, 1]);
  });

  it("counts jobs by state and type", () => {
    const board = new JobBoard();
    board.apply(event("a", 1, "QUEUED"));
    board.apply(event("b", 2, "RUNNING"));
    board.apply(event("c", 3, "SUCCEEDED", "etl"));
    expect(board.counts()).toEqual({ QUEUED: 1, RUNNING: 1, SUCCEEDED: 1, FAILED: 0, CANCELLED: 0 });
    expect(board.counts("etl")).toMatchObject({ QUEUED: 0, SUCCEEDED: 1 });
    expect([board.ended("etl"), board.ended("canary")]).toEqual([1, 0]);
  });

  it("names the versions of which no event came", () => {
    const board = new JobBoard();
    board.apply(event("a", 2, "RUNNING"));
    expect(board.missingVersions("a", 3)).toEqual([1, 3]);
    expect(board.missingVersions("b", 1)).toEqual([1]);
  });

  it("waits for a condition, or for the end of the wait", async () => {
    const board = new JobBoard();
    const ended = board.until(() => board.ended() === 1, new AbortController().signal);
    board.apply(event("a", 3, "SUCCEEDED"));
    expect(await ended).toBe(true);
    expect(await board.until(() => true, AbortSignal.abort())).toBe(true);
    const tooLong = new AbortController();
    const never = board.until(() => false, tooLong.signal);
    tooLong.abort();
    expect(await never).toBe(false);
  });
});
