import { describe, expect, it } from "vitest";
import { findJobFolders } from "../../domain/find-job-folders.ts";
import devEnvironment from "../../environments/dev.ts";
import emulatedEnvironment from "../../environments/emulated.ts";
import type { Environment } from "../../environments/environment.ts";
import prodEnvironment from "../../environments/prod.ts";
import { deployedFolders, loadJobTypes } from "../../modules/load-job-types.ts";
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
  const safe = ["checkpoints", "digest", "echo", "fail", "flaky", "result", "sleep", "spin"];

  it("have the canary that it says, in the API and in the containers alike", async () => {
    expect(await canaryOf("safe")).toEqual({ operations: safe, variable: "safe" });
    expect(await canaryOf("full")).toEqual({ operations: ["allocate", "crash", ...safe].sort(), variable: "full" });
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

describe("the job types that an environment deploys", () => {
  const folder = (name: string, isExample: boolean) => ({ name, path: `jobs/${name}`, isExample });
  const folders = [folder("canary", true), folder("document", true), folder("invoice", false)];
  const deployed = (jobTypes: Environment["jobTypes"], of = folders) =>
    deployedFolders(of, buildEnvironment({ jobTypes })).map(({ name }) => name);

  it("are all, or the examples that it names and every other", () => {
    expect(deployed("all")).toEqual(["canary", "document", "invoice"]);
    expect(deployed(["canary"])).toEqual(["canary", "invoice"]);
    expect(deployed([])).toEqual(["invoice"]);
  });

  it("are there: a name that no example has is refused, with those that there are", () => {
    const message =
      'environment "test": jobTypes is "canaries"; allowed: "all", or names of folders in the checkout\'s jobs, if JOBS_FOLDERS has it: ';
    expect(() => deployed(["canary", "canaries"])).toThrow(`${message}canary, document`);
    expect(() => deployed(["canaries"], [folder("invoice", false)])).toThrow(`${message}there are none`);
    expect(() => deployed(["invoice"])).toThrow(/jobTypes is "invoice"/);
  });

  it("are, of the examples, none in production but the canary, and all elsewhere", () => {
    expect(prodEnvironment().jobTypes).toEqual(["canary"]);
    expect([devEnvironment(), emulatedEnvironment({})].map(({ jobTypes }) => jobTypes)).toEqual(["all", "all"]);
  });
});
