import { describe, expect, it } from "vitest";
import { sourceChange, type WatchedType } from "../../../local/watch/source-change.ts";

const type = (name: string, inputs: readonly string[], isBroken = false): WatchedType => ({
  name,
  folder: `/repo/jobs/${name}`,
  inputs: new Set(inputs),
  isBroken,
});
const watched = {
  types: [
    type("report", ["/repo/jobs/report/job.ts", "/repo/jobs/report/page.ts", "/repo/domain/job-type.ts", "/lib/money.ts"]),
    type("invoice", ["/repo/jobs/invoice/job.ts", "/lib/money.ts"], true),
  ],
  roots: ["/repo/jobs"],
  own: ["/repo/domain", "/repo/worker"],
};
const rebuild = (...types: string[]) => ({ kind: "rebuild", types });
const none = { kind: "none" };

describe("a source that has changed", () => {
  it.each([
    ["/repo/jobs/report/page.ts", rebuild("report")],
    ["/repo/jobs/report/job-type.ts", rebuild("report")],
    ["/repo/jobs/report/package.json", rebuild("report")],
    ["/repo/jobs/report/bin/run.sh", rebuild("report")],
    ["/lib/money.ts", rebuild("report", "invoice")],
    ["/repo/jobs/report/README.md", none],
    ["/repo/jobs/report/job.test.ts", none],
    ["/repo/jobs/report/unused.ts", none],
    ["/repo/jobs/notes.txt", none],
    ["/lib/other.ts", none],
    ["/repo/jobs/report-2/job.ts", none],
  ])("is built where a job type is made of it: %s", (file, change) => {
    expect(sourceChange(file, watched)).toEqual(change);
  });

  it.each([
    ["/repo/jobs/report/deployment.ts", "deployment.ts of report"],
    ["/repo/jobs/report/.env.local", ".env.local of report"],
    ["/repo/jobs/parcel/job-type.ts", "the new job type parcel"],
    ["/repo/domain/job-type.ts", expect.stringMatching(/domain\/job-type\.ts, the platform's own$/)],
  ])("is told where it is read at the start only: %s", (file, what) => {
    expect(sourceChange(file, watched)).toEqual({ kind: "restart", what });
  });

  it("may mend a build that failed, whatever it is, but a test", () => {
    expect(sourceChange("/repo/jobs/invoice/new.ts", watched)).toEqual(rebuild("invoice"));
    expect(sourceChange("/repo/jobs/invoice/job.test.ts", watched)).toEqual(none);
  });
});
