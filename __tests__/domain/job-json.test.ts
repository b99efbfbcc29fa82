import { describe, expect, it } from "vitest";
import { jobJson } from "../../domain/job-json.ts";
import { buildJob } from "../support/build-job.ts";
import { publicJob } from "../support/public-job.ts";

describe("a job as callers see it", () => {
  it("keeps the lease, the index keys and the write's name inside", () => {
    const visible = publicJob(
      buildJob({ status: "RUNNING", progress: { fraction: 0.5 }, claimedTypeStatus: "canary#RUNNING#1" }),
    );
    for (const inside of [
      "leaseOwner",
      "leaseExpiresAt",
      "typeStatus",
      "claimedTypeStatus",
      "createdAtId",
      "requestHash",
      "lastWriteId",
      "interruptions",
    ]) {
      expect(visible).not.toHaveProperty(inside);
    }
    expect(visible).toMatchObject({ status: "RUNNING", version: 2, progress: { fraction: 0.5 } });
  });

  it("tells of a file its size and its content type, and not where it is", () => {
    const files = { data: { bytes: 3, contentType: "text/csv", key: "uploads/canary/o/u/data", etag: '"e"' } };
    expect(publicJob(buildJob({ files })).files).toEqual({ data: { bytes: 3, contentType: "text/csv" } });
    expect(publicJob(buildJob())).not.toHaveProperty("files");
  });

  it("leaves out what is not there, and keeps a result of null", () => {
    expect(publicJob(buildJob())).not.toHaveProperty("result");
    expect(publicJob(buildJob({ status: "SUCCEEDED", result: "null" }))).toHaveProperty("result", null);
  });

  it.each([
    ["the order of members", '{"b":1,"10":2,"a":3,"2":4}'],
    ["the digits of numbers", "[9007199254740993,1.10,1e400,-0,0.1234567890123456789]"],
    ["blanks and escapes", '{ "a" : "\\u00e4\\/" }'],
    ["depths that nobody walks", `${"[".repeat(100_000)}${"]".repeat(100_000)}`],
  ])("has input and result as they are: %s", (_, text) => {
    const json = jobJson(buildJob({ status: "SUCCEEDED", input: text, result: text }));
    expect(json).toContain(`,"input":${text},"result":${text}}`);
    expect(JSON.parse(json)).toMatchObject({ status: "SUCCEEDED", version: 3 });
  });

  it("has further members beside its own", () => {
    expect(JSON.parse(jobJson(buildJob({ result: "[1]" }), { resultUrl: "https://example.com" }))).toMatchObject({
      result: [1],
      resultUrl: "https://example.com",
    });
  });
});
