import { describe, expect, it } from "vitest";
import { buildJob } from "../../support/build-job.ts";
import { outcomeOf } from "./kill-run-outcome.ts";
import { TimedRecorder } from "./timed-recorder.ts";

const verdict = { violations: [], checks: new Map() };
const ended = buildJob({ status: "SUCCEEDED" });

describe("the outcome of a run", () => {
  it("names jobs that were accepted and are not there, jobs that have not ended, and messages that are left", () => {
    const open = buildJob({ status: "RUNNING" });
    const final = { jobs: [ended, open], messages: [{ queue: "jobs", jobId: ended.id }], hasObject: () => true };
    const run = { accepted: new Set([ended.id, open.id, "gone"]), final, verdict, isSettled: false };
    expect(outcomeOf(run, { recorder: new TimedRecorder() })).toEqual({
      lost: ["gone"],
      doubled: [],
      stuck: [`${open.id} RUNNING`, `jobs ${ended.id}`],
      violations: [],
    });
  });

  it("names jobs that ended twice, and a run that never came to rest", () => {
    const recorder = new TimedRecorder();
    for (const version of [3, 4]) recorder.record({ kind: "committed", by: "worker", job: { ...ended, version } });
    const final = { jobs: [ended], messages: [], hasObject: () => true };
    const run = { accepted: new Set([ended.id]), final, verdict, isSettled: false };
    expect(outcomeOf(run, { recorder })).toMatchObject({ doubled: [ended.id], stuck: ["a queue held messages to the end"] });
  });
});
