import { describe, expect, it } from "vitest";
import { TaskCounts } from "../../../local/aws/task-counts.ts";
import {
  earlyProblems,
  earlyTasks,
  eventProblems,
  fileProblems,
  jobProblems,
  scalingProblems,
} from "../../../local/demo/checks.ts";
import type { DemoJob } from "../../../local/demo/jobs.ts";
import { JobBoard } from "../../../local/job-board.ts";
import { buildJob } from "../../support/build-job.ts";
import { publicEvent, publicJob } from "../../support/public-job.ts";

const planned: DemoJob = { type: "canary", name: "a job", input: {}, expected: "SUCCEEDED" };

describe("the demo's checks", () => {
  it("find jobs that did not end as planned, and say why", () => {
    const failed = publicJob(buildJob({ status: "FAILED" }));
    const succeeded = publicJob(buildJob({ status: "SUCCEEDED" }));
    expect(jobProblems([{ planned, job: succeeded }])).toEqual([]);
    expect(jobProblems([{ planned, job: failed }])).toEqual([
      `canary job ${failed.id}, "a job", is FAILED, not SUCCEEDED (PermanentError: no)`,
    ]);
    expect(jobProblems([{ planned: { ...planned, attempts: 2 }, job: succeeded }])).toEqual([
      `canary job ${succeeded.id}, "a job", took 1 attempts, not 2`,
    ]);
    const digested = publicJob(buildJob({ status: "SUCCEEDED", result: '{"bytes":2}' }));
    expect(jobProblems([{ planned: { ...planned, result: { bytes: 2 } }, job: digested }])).toEqual([]);
    expect(jobProblems([{ planned: { ...planned, result: { bytes: 3 } }, job: digested }])).toEqual([
      `canary job ${digested.id}, "a job", has the result {"bytes":2}, not {"bytes":3}`,
    ]);
  });

  it("find jobs that started before they were due, or long after", () => {
    const due = (startedAt: string) => publicJob(buildJob({ status: "SUCCEEDED", runAt: "2026-11-02T09:01:10.000Z", startedAt }));
    const problem = (startedAt: string) =>
      jobProblems([{ planned, job: due(startedAt) }]).map((text) => text.replace(/job \S+,/, "job"));
    expect(problem("2026-11-02T09:01:10.000Z")).toEqual([]);
    expect(problem("2026-11-02T09:01:09.000Z")).toEqual(['canary job "a job", started 1.0 s before it was due']);
    expect(problem("2026-11-02T09:02:10.000Z")).toEqual(['canary job "a job", started 60 s after it was due']);
  });

  it("find versions without an event", () => {
    const job = buildJob({ status: "RUNNING" });
    const board = new JobBoard();
    board.apply(publicEvent({ ...job, version: 1, status: "QUEUED" }));
    const added = [{ planned, job: publicJob(job) }];
    expect(eventProblems(added, board)).toEqual([`no event came for version 2 of job ${job.id}`]);
    board.apply(publicEvent(job));
    expect(eventProblems(added, board)).toEqual([]);
  });

  it("find types without workers, workers that still run, too few at once, and a late wake call", () => {
    const counts = new TaskCounts(["a", "b"], 0);
    counts.record("a", 2, 1);
    expect(scalingProblems(counts, ["a", "b"], 1_500)).toEqual([
      "2 workers of type a still run",
      "no worker of type b was started",
      "there were never more than 2 workers at once",
      "the first worker was asked for 1.5 s after the first 202",
    ]);
    counts.record("b", 1, 2);
    counts.record("a", 0, 3);
    counts.record("b", 0, 4);
    expect(scalingProblems(counts, ["a", "b"], 20)).toEqual([]);
  });

  it("find a batch whose workers only an alarm asked for", () => {
    const counts = new TaskCounts(["canary"], 0);
    counts.record("canary", 3, 1);
    expect(earlyTasks(counts)).toEqual({ tasks: 3, alarmAt: undefined });
    counts.alarmed("canary", { at: 5, tasks: 1 });
    counts.alarmed("canary", { at: 6, tasks: 2 });
    expect(earlyTasks(counts)).toEqual({ tasks: 1, alarmAt: 5 });
    expect(earlyProblems(earlyTasks(counts))).toEqual([
      "before its first alarm, 1 of the 2 workers of type canary were asked for that its batch needs",
    ]);
    expect(earlyProblems({ tasks: 2, alarmAt: 5 })).toEqual([]);
  });

  it("find files that are not what they should be", () => {
    const download = { type: "etl", file: "a.parquet", bytes: 1 };
    expect(
      fileProblems([
        { ...download, problem: undefined },
        { ...download, problem: "is no Parquet" },
      ]),
    ).toEqual(["a.parquet is no Parquet"]);
  });
});
