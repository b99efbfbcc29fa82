import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { TaskCounts } from "../../../local/aws/task-counts.ts";
import { fileLines, median, outcomeTable, resultLines, shortResult, workerCharts } from "../../../local/demo/summary.ts";
import { ADDED_AT, buildJob } from "../../support/build-job.ts";
import { publicJob } from "../../support/public-job.ts";

const plain = (lines: readonly string[]) => lines.map(stripVTControlCharacters);

describe("the summary", () => {
  it("says how many jobs of each type ended how, how long they waited and how long they ran", () => {
    const finishedAt = new Date(ADDED_AT + 4_000).toISOString();
    const jobs = [
      buildJob({ type: "etl", status: "SUCCEEDED" }),
      buildJob({ type: "etl", status: "FAILED", finishedAt }),
      buildJob({ type: "canary", status: "QUEUED" }),
      buildJob({ type: "later", status: "SUCCEEDED", runAt: new Date(ADDED_AT + 400).toISOString() }),
    ].map(publicJob);
    expect(plain(outcomeTable(jobs))).toEqual([
      "type    jobs  succeeded  failed  cancelled  wait p50  wait max  run p50  run max",
      "canary     1          0       0          0         -         -        -        -",
      "etl        2          1       1          0     1.0 s     1.0 s    2.0 s    3.0 s",
      "later      1          1       0          0    0.60 s    0.60 s    1.0 s    1.0 s",
    ]);
  });

  it("draws the workers of each type over time", () => {
    const counts = new TaskCounts(["canary"], 0);
    counts.record("canary", 1, 1_000);
    counts.record("canary", 4, 2_000);
    counts.record("canary", 0, 5_000);
    const [chart] = plain(workerCharts({ jobs: [publicJob(buildJob())], counts, downloads: [], from: 0, to: 6_000 }));
    expect(chart).toBe(`canary  ${"·".repeat(8)}${"▂".repeat(8)}${"█".repeat(24)}${"·".repeat(8)}  0 → 4 → 0`);
  });

  it("shows one result of each type on a line, files by their name", () => {
    const file = {
      bucket: "b",
      key: "results/etl/1/1/files/rows.parquet",
      bytes: 9,
      contentType: "application/x",
      url: "http://x",
    };
    const planned = { type: "etl", name: "a table", input: {}, expected: "SUCCEEDED" } as const;
    const job = publicJob(buildJob({ type: "etl", status: "SUCCEEDED", result: JSON.stringify({ rows: 3, file }) }));
    const failed = publicJob(buildJob({ status: "FAILED" }));
    expect(
      resultLines([
        { planned, job },
        { planned, job },
        { planned, job: failed },
      ]),
    ).toEqual(['etl  {"rows":3,"file":"rows.parquet, 9 bytes"}']);
    expect(shortResult("x".repeat(200))).toBe(`"${"x".repeat(62)}…`);
  });

  it("says where the files are", () => {
    const download = { type: "document", file: "a.pdf", bytes: 1_500, problem: undefined };
    expect(fileLines([download, { ...download, type: "etl" }, { ...download, type: "etl" }], "out")).toEqual([
      "out/document/   1 file  2 kB",
      "out/etl/       2 files  3 kB",
    ]);
  });

  it.each([
    [[5], 5],
    [[1, 9, 2], 2],
    [[4, 1, 3, 2], 2.5],
  ])("knows the median of %j", (values, expected) => {
    expect(median(values)).toBe(expected);
  });
});
