import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import type { JobStatus } from "../../domain/job.ts";
import { eventLines } from "../../local/event-lines.ts";
import { ADDED_AT, buildJob } from "../support/build-job.ts";
import { publicEvent } from "../support/public-job.ts";

const event = (version: number, status: JobStatus, changes: object = {}) =>
  publicEvent({ ...buildJob({ status, type: "report" }), id: "a", version, attempt: 1, ...changes });

/** What `npm start` prints of these events, without colors. */
function printed(...events: readonly ReturnType<typeof event>[]): string[] {
  const lineOf = eventLines();
  const lines = events.map(lineOf).filter((line) => line !== undefined);
  return lines.map((line) => stripVTControlCharacters(line));
}

describe("the lines of npm start", () => {
  it("tell of each version of a job once, however often it comes", () => {
    const cancelled = event(3, "CANCELLED");
    const lines = printed(event(1, "QUEUED"), event(2, "RUNNING"), cancelled, cancelled, cancelled);
    expect(lines).toEqual(["report  a  QUEUED", "report  a  RUNNING", "report  a  CANCELLED"]);
  });

  it("tell of no version that is older than what they told", () => {
    const other = event(1, "QUEUED", { id: "b" });
    expect(printed(event(3, "SUCCEEDED"), event(2, "RUNNING"), other)).toEqual(["report  a  SUCCEEDED", "report  b  QUEUED"]);
  });

  it("tell of a key that was used again after its job expired, and no more of the job before", () => {
    const again = { createdAt: new Date(ADDED_AT + 8 * 86_400_000).toISOString() };
    const lines = printed(event(3, "SUCCEEDED"), event(1, "QUEUED", again), event(2, "RUNNING"), event(2, "CANCELLED", again));
    expect(lines).toEqual(["report  a  SUCCEEDED", "report  a  QUEUED", "report  a  CANCELLED"]);
  });

  it("say when a new job is due, and which schedule added it", () => {
    const runAt = "2026-12-24T17:00:00.000Z";
    const later = event(1, "QUEUED", { attempt: 0, runAt });
    expect(printed(later, event(2, "RUNNING", { runAt }))).toEqual([`report  a  QUEUED  due ${runAt}`, "report  a  RUNNING"]);
    const scheduled = event(1, "QUEUED", { attempt: 0, owner: "schedule:report/nightly" });
    expect(printed(scheduled)).toEqual(["report  a  QUEUED  by its schedule nightly"]);
  });

  it("say what an error ends with, which is what happened", () => {
    const message = 'Traceback (most recent call last):\n  File "job.py", line 3, in <module>\nValueError: no text\n\n';
    const lines = printed(event(4, "FAILED", { attempt: 2, error: { code: "CommandFailed", message } }));
    expect(lines).toEqual(["report  a  FAILED  attempt 2, CommandFailed: ValueError: no text"]);
  });
});
