import { describe, expect, it } from "vitest";
import * as z from "zod";
import { defineJobType } from "../../domain/job-type.ts";
import { registryItem } from "../../domain/job-type-registry.ts";
import { registryEntry } from "../../domain/registry-entry.ts";
import { scaleOutCapacities } from "../../domain/scale-out-capacities.ts";

const reportJob = defineJobType({
  name: "report",
  description: "Renders a monthly report",
  input: z.object({ month: z.string(), copies: z.number().default(1) }),
  timeoutSeconds: 300,
  concurrency: 2,
  scaling: { maxTasks: 4, idleMinutes: 5 },
});
const deployment = { queueUrl: "http://127.0.0.1/000000000000/report", cluster: "jobs", service: "report" };

describe("the registry entry of a job type", () => {
  it("holds what callers and the API need of its settings", () => {
    expect(registryEntry(reportJob, deployment)).toMatchObject({
      name: "report",
      description: "Renders a monthly report",
      queueUrl: "http://127.0.0.1/000000000000/report",
      maxAttempts: 3,
      timeoutSeconds: 300,
      concurrency: 2,
      maxTasks: 4,
      isolation: "thread",
    });
  });

  it("describes the input as callers give it: what has a default may be left out", () => {
    expect(registryEntry(reportJob, deployment).inputSchema).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      properties: { month: { type: "string" }, copies: { type: "number", default: 1 } },
      required: ["month"],
    });
  });

  it("has workers looked after well within the time after which they are stopped", () => {
    expect(registryEntry(reportJob, deployment).wake).toEqual({
      ...{ cluster: "jobs", service: "report" },
      recheckSeconds: 30,
      lookSeconds: 5,
      backlogPerTask: reportJob.scaling.backlogPerTask,
      capacities: scaleOutCapacities(reportJob.scaling),
    });
    expect(registryEntry(reportJob, { ...deployment, speed: 10 }).wake).toMatchObject({ recheckSeconds: 3, lookSeconds: 0.5 });
    const hasty = { ...reportJob, scaling: { ...reportJob.scaling, idleMinutes: 1 } };
    expect(registryEntry(hasty, deployment).wake.recheckSeconds).toBe(10);
  });

  it("is stored with its schema as text, under the one partition of all types", () => {
    const entry = registryEntry(reportJob, deployment);
    const item = registryItem(entry);
    expect(item).toMatchObject({ registry: "job-types", name: "report", maxAttempts: 3 });
    expect(JSON.parse(item.inputSchema as string)).toEqual(JSON.parse(JSON.stringify(entry.inputSchema)));
  });
});
