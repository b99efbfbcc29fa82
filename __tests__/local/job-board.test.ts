import { describe, expect, it } from "vitest";
import { JobBoard } from "../../local/job-board.ts";
import { ADDED_AT, buildJob } from "../support/build-job.ts";
import { publicEvent } from "../support/public-job.ts";

const event = (id: string, version: number, status: "QUEUED" | "RUNNING" | "SUCCEEDED", type = "canary") =>
  publicEvent({ ...buildJob({ status, type }), id, version });

describe("the job board", () => {
  it("keeps the newest state of each job, whatever the order and however often events come", () => {
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

  it.each([
    ["in their order", [0, 1, 2, 3, 4]],
    ["those of the second first", [3, 4, 0, 1, 2]],
    ["out of order", [4, 2, 0, 3, 1, 2]],
  ])("takes a key that was used again after its job expired for a new job, its events coming %s", (_, order) => {
    const again = { createdAt: new Date(ADDED_AT + 8 * 86_400_000).toISOString() };
    const events = [
      event("a", 1, "QUEUED"),
      event("a", 2, "RUNNING"),
      event("a", 3, "SUCCEEDED"),
      { ...event("a", 1, "QUEUED"), ...again },
      { ...event("a", 2, "RUNNING"), ...again },
    ];
    const board = new JobBoard();
    for (const place of order) board.apply(events[place] as (typeof events)[number]);
    expect(board.job("a")).toMatchObject({ version: 2, status: "RUNNING" });
    expect(board.states("a")).toEqual(["QUEUED", "RUNNING"]);
    expect([board.missingVersions("a", 2), board.ended()]).toEqual([[], 0]);
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
