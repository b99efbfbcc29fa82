import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { loadJobTypes } from "../../modules/load-job-types.ts";
import { costDocuments } from "../../scripts/costs.ts";
import { idleCosts, idleTotal, type StackJson } from "../../scripts/idle-costs.ts";
import { addCosts, runCosts, taskCosts, taskHour, totalOf, WORKER_CALLS } from "../../scripts/job-costs.ts";
import { withSection } from "../../scripts/marked-section.ts";
import { buildBundles } from "../modules/synthesized.ts";

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
    expect(lines).toMatchObject({ SQS: 0.4, SNS: 0.5, DynamoDB: 3 * 0.625, "HTTP API": 1 });
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

describe("npm run costs", () => {
  it("has written what the documents say", async () => {
    const documents = await costDocuments(await loadJobTypes("jobs"), await buildBundles());
    for (const [file, content] of Object.entries(documents)) {
      expect(await readFile(file, "utf8"), "run: npm run costs").toBe(content);
    }
  });

  it("replaces what stands between two lines, and needs both", () => {
    const document = "# A\n<!-- costs:begin -->\nold\n<!-- costs:end -->\n# B\n";
    const written = "# A\n<!-- costs:begin -->\nnew\n<!-- costs:end -->\n# B\n";
    expect(withSection("README.md", "costs", document, "new")).toBe(written);
    expect(() => withSection("README.md", "costs", "# A", "new")).toThrow("README.md needs the lines <!-- costs:begin -->");
  });
});
