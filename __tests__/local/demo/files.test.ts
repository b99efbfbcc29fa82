import { describe, expect, it } from "vitest";
import { fileProblem, producedFiles } from "../../../local/demo/files.ts";
import { buildJob } from "../../support/build-job.ts";
import { publicJob } from "../../support/public-job.ts";

const pdf = { name: "report.pdf", url: "http://files/report", bytes: 8, contentType: "application/pdf" };

describe("the files that a job produced", () => {
  it("are those with a link anywhere in its result, and the result itself where it is in S3", () => {
    const reference = {
      bucket: "b",
      key: "results/etl/1/1/files/rows.parquet",
      bytes: 9,
      contentType: "application/x",
      url: "http://x",
    };
    const job = publicJob(
      buildJob({ status: "SUCCEEDED", result: JSON.stringify({ rows: [{ file: reference }], other: { key: "k" } }) }),
    );
    expect(producedFiles(job)).toEqual([{ name: "rows.parquet", url: "http://x", bytes: 9, contentType: "application/x" }]);
    const large = { ...job, result: undefined, resultLocation: { bucket: "b", key: "k", bytes: 7 }, resultUrl: "http://r" };
    expect(producedFiles(large)).toEqual([{ name: "result.json", url: "http://r", bytes: 7, contentType: "application/json" }]);
  });

  it("are as large as they claim, and begin as their type does", () => {
    expect(fileProblem(pdf, Buffer.from("%PDF-1.7"))).toBeUndefined();
    expect(fileProblem(pdf, Buffer.from("%PDF"))).toBe("has 4 bytes, not 8");
    expect(fileProblem(pdf, Buffer.from("<html />"))).toBe("is not application/pdf");
    const parquet = { ...pdf, name: "rows.parquet", contentType: "application/octet-stream" };
    expect(fileProblem(parquet, Buffer.from("PAR1PAR1"))).toBeUndefined();
    expect(fileProblem(parquet, Buffer.from("no table"))).toBe("is not application/octet-stream");
  });
});
