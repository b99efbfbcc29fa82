import { describe, expect, it } from "vitest";
import { findJobFolders } from "../../domain/find-job-folders.ts";
import { loadJobTypes } from "../../modules/load-job-types.ts";
import { buildEnvironment, only, synthesized, type Terraform } from "./synthesized.ts";

/** The operations that a canary's stack registers, and what it tells the containers. */
async function canaryOf(canary: "safe" | "full") {
  const environment = buildEnvironment({ canary });
  const jobTypes = (await loadJobTypes(await findJobFolders(["jobs"]), environment)).filter(({ name }) => name === "canary");
  const { jobType } = await synthesized(environment, jobTypes);
  return { operations: operationsOf(jobType), variable: variableOf(jobType) };
}

function operationsOf(stack: Terraform): string[] {
  const { inputSchema } = JSON.parse(only(stack, "aws_dynamodb_table_item").item);
  const { oneOf } = JSON.parse(inputSchema.S) as { oneOf: { properties: { op: { const: string } } }[] };
  return oneOf.map(({ properties }) => properties.op.const).sort();
}

function variableOf(stack: Terraform): string | undefined {
  const [{ environment }] = JSON.parse(only(stack, "aws_ecs_task_definition").container_definitions);
  return environment.find(({ name }: { name: string }) => name === "JOBS_CANARY")?.value;
}

describe("job types, as an environment loads them", () => {
  const safe = ["echo", "fail", "flaky", "result", "sleep", "spin"];

  it("have the canary that it says, in the API and in the containers alike", async () => {
    expect(await canaryOf("safe")).toEqual({ operations: safe, variable: "safe" });
    expect(await canaryOf("full")).toEqual({ operations: ["allocate", "crash", ...safe], variable: "full" });
  });

  it("are the same otherwise", async () => {
    const [one, other] = await Promise.all(
      (["safe", "full"] as const).map(async (canary) => await loadJobTypes(await findJobFolders(["jobs"]), { canary })),
    );
    const others = one?.filter(({ name }) => name !== "canary") ?? [];
    expect(others.length).toBeGreaterThan(2);
    for (const jobType of others) expect(other).toContain(jobType);
  });
});
