import { appendFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { EmbeddedMetrics } from "../../../local/aws/embedded-metrics.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const AT = Date.parse("2026-11-30T03:00:00.000Z");

function line(values: Readonly<Record<string, unknown>>): string {
  const Metrics = Object.keys(values).map((Name) => ({ Name, Unit: "Count" }));
  const CloudWatchMetrics = [{ Namespace: "Jobs", Dimensions: [["service", "jobType"]], Metrics }];
  return `${JSON.stringify({ _aws: { Timestamp: AT, CloudWatchMetrics }, service: "worker", jobType: "report", ...values })}\n`;
}

let folder: string;
let put: string[];
let embedded: EmbeddedMetrics;
beforeEach(async () => {
  folder = await temporaryFolder("embedded-metrics");
  put = [];
  embedded = new EmbeddedMetrics(folder, ({ namespace, name, dimensions }, values, at) =>
    put.push(`${namespace} ${name} ${Object.values(dimensions).join("/")} ${values.join(",")} ${at - AT}`),
  );
});

describe("metrics in the logs of programs", () => {
  it("are read once, however often one looks, also those that are written later", async () => {
    const file = path.join(folder, "report-1.log");
    await writeFile(file, `worker started\n${line({ JobsSucceeded: [1, 1], RunTime: 250 })}`);
    await embedded.look();
    await embedded.look();
    expect(put).toEqual(["Jobs JobsSucceeded worker/report 1,1 0", "Jobs RunTime worker/report 250 0"]);
    const next = line({ JobsFailed: 1 });
    await appendFile(file, next.slice(0, 40));
    await embedded.look();
    await appendFile(file, next.slice(40));
    await writeFile(path.join(folder, "report-2.log"), line({ JobsFailed: 2 }));
    await Promise.all([embedded.look(), embedded.look()]);
    expect(put.slice(2).sort()).toEqual(["Jobs JobsFailed worker/report 1 0", "Jobs JobsFailed worker/report 2 0"]);
  });

  it("are not what jobs write that looks like them, nor in files that are no logs", async () => {
    const lines = [
      '"_aws"',
      '{"_aws":1}',
      '{"_aws":{"CloudWatchMetrics":{}}}',
      JSON.stringify({ message: line({ JobsFailed: 1 }) }),
    ];
    await writeFile(path.join(folder, "report.log"), `${lines.join("\n")}\n`);
    await writeFile(path.join(folder, "report.txt"), line({ JobsFailed: 1 }));
    await embedded.look();
    expect(put).toEqual([]);
  });

  it("are found behind lines of any length", async () => {
    await writeFile(path.join(folder, "report.log"), `${"x".repeat(3_000_000)}\n${line({ JobsFailed: 1 })}`);
    await embedded.look();
    expect(put).toEqual(["Jobs JobsFailed worker/report 1 0"]);
  });
});
