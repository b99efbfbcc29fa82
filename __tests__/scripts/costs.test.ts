import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { findJobFolders } from "../../domain/find-job-folders.ts";
import type { JobType } from "../../domain/job-type.ts";
import { loadJobTypes } from "../../modules/load-job-types.ts";
import { COSTS_DOCUMENT, costDocuments } from "../../scripts/costs.ts";
import { idleCosts, idleTotal, type StackJson } from "../../scripts/idle-costs.ts";
import {
  addCosts,
  laterCosts,
  runCosts,
  taskCosts,
  taskHour,
  totalOf,
  WORKER_CALLS,
  waitCosts,
} from "../../scripts/job-costs.ts";
import { withSection } from "../../scripts/marked-section.ts";
import { buildBundles, buildJobType } from "../modules/synthesized.ts";

const stack = (resource: StackJson["resource"]): StackJson => ({ resource });

describe("what a stack costs while nothing runs", () => {
  it("counts an alarm by the metrics in its expression", () => {
    const metric = { metric_name: "m" };
    const alarms = { plain: { metric_name: "m" }, math: { metric_query: [{ metric }, { metric }, { expression: "a + b" }] } };
    const [cost] = idleCosts(stack({ aws_cloudwatch_metric_alarm: alarms }));
    expect(cost).toMatchObject({ what: "Metrics that alarms watch", count: 3 });
    expect(cost?.usd).toBeCloseTo(0.3);
  });

  it("counts an interface endpoint in each of its subnets, and a gateway endpoint not at all", () => {
    const endpoints = {
      sqs: { vpc_endpoint_type: "Interface", subnet_ids: ["a", "b", "c"] },
      s3: { vpc_endpoint_type: "Gateway" },
    };
    expect(idleCosts(stack({ aws_vpc_endpoint: endpoints }))).toEqual([
      { what: "Interface endpoints, in each zone", count: 3, usd: expect.closeTo(21.9) },
    ]);
  });

  it("adds up, and is nothing for what is paid by use", () => {
    expect(idleTotal(stack({ aws_kms_key: { key: {} }, aws_nat_gateway: { nat: {} }, aws_eip: { address: {} } }))).toBeCloseTo(
      37.5,
    );
    expect(idleCosts(stack({ aws_dynamodb_table: { jobs: {} }, aws_sns_topic: { events: {} } }))).toEqual([]);
  });
});

describe("what a million jobs cost", () => {
  it("follows the calls: a send, a put and a publish to add one", () => {
    const lines = Object.fromEntries(addCosts(512).map(({ what, usd }) => [what, usd]));
    expect(lines).toMatchObject({ SQS: 0.5, SNS: 0.5, DynamoDB: 4 * 0.625, "HTTP API": 1 });
  });

  it("has the longest wait cost its time of the Lambda, and its reads: fewer than one a second", () => {
    const lines = new Map(waitCosts(512).map(({ what, units, usd }) => [what, { units, usd }]));
    expect(lines.get("DynamoDB")).toEqual({ units: "15 reads", usd: expect.closeTo(15 * 0.125) });
    expect(lines.get("Lambda, time")?.usd).toBeCloseTo(25.02 * 0.5 * 13.3334);
  });

  it("is more for jobs that are due later: a schedule, three uses of the key, and an invocation", () => {
    const lines = new Map(laterCosts(512).map(({ what, usd }) => [what, usd]));
    expect([lines.get("EventBridge Scheduler"), lines.get("Lambda, requests")]).toEqual([1, 0.2]);
    expect(lines.get("KMS")).toBeCloseTo(9);
  });

  it("is less for jobs that share receives, publishes and deletes", () => {
    expect(totalOf(runCosts("busy"))).toBeLessThan(totalOf(runCosts("alone")));
    const calls = Object.values(WORKER_CALLS.busy).reduce((sum, each) => sum + each, 0);
    expect(calls).toBeCloseTo(2.4);
  });

  it("shares a task among the jobs that it runs at a time", () => {
    expect(taskHour(1_024, 2_048, "ARM64")).toBeCloseTo(0.03238 + 2 * 0.00356);
    expect(taskHour(1_024, 2_048, "X86_64")).toBeGreaterThan(taskHour(1_024, 2_048, "ARM64"));
    expect(taskCosts(0.36, 1)).toBeCloseTo(1_000);
    expect(taskCosts(0.36, 10)).toBeCloseTo(100);
  });
});

/** Of these job types those that the document has a row for: a team adds a type without a word in the documents. */
async function documented(jobTypes: readonly JobType[]): Promise<JobType[]> {
  const document = await readFile(COSTS_DOCUMENT, "utf8");
  const rows = document.slice(document.indexOf("| job type |")).split("\n");
  return jobTypes.filter(({ name }) => rows.some((row) => row.startsWith(`| \`${name}\` |`)));
}

describe("npm run costs", () => {
  it("has written what the documents say", async () => {
    const documents = await costDocuments(
      await documented(await loadJobTypes(await findJobFolders(["jobs"]), { canary: "full" })),
      await buildBundles(),
    );
    for (const [file, content] of Object.entries(documents)) {
      expect(await readFile(file, "utf8"), "run: npm run costs").toBe(content);
    }
  });

  it("would write something else for other settings of a type, and without one, and not for a type that is added", async () => {
    const [first, ...others] = await documented(await loadJobTypes(await findJobFolders(["jobs"]), { canary: "full" }));
    if (first === undefined) throw new Error(`${COSTS_DOCUMENT} has no job type`);
    const bundles = await buildBundles();
    const write = async (jobTypes: readonly JobType[]) => (await costDocuments(jobTypes, bundles))[COSTS_DOCUMENT];
    const written = await readFile(COSTS_DOCUMENT, "utf8");
    expect(await write([{ ...first, concurrency: first.concurrency + 1 }, ...others])).not.toBe(written);
    expect(await write(others)).not.toBe(written);
    expect(await documented([buildJobType({ name: "added" }), first])).toEqual([first]);
  });

  it("replaces what stands between two lines, and needs both", () => {
    const document = "# A\n<!-- costs:begin -->\nold\n<!-- costs:end -->\n# B\n";
    const written = "# A\n<!-- costs:begin -->\nnew\n<!-- costs:end -->\n# B\n";
    expect(withSection("README.md", "costs", document, "new")).toBe(written);
    expect(() => withSection("README.md", "costs", "# A", "new")).toThrow("README.md needs the lines <!-- costs:begin -->");
  });
});
