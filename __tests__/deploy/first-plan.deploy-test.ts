import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { PLATFORM_OUTPUTS } from "../../modules/platform-outputs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { deployedEnvironment, stackFolder, terraformOf, writeStacks } from "./deployment.ts";

const deployment = inject("deployment");
const TYPE = "canary";
const terraform = terraformOf(deployment, "first-plan");

let folder: string;
let states: string;
beforeAll(async () => {
  const root = await temporaryFolder("first-plan");
  states = path.join(root, "states");
  await mkdir(states);
  const environment = { ...deployedEnvironment(deployment), backend: { kind: "local", path: states } } as const;
  await writeStacks(environment, path.join(root, "out"), [TYPE]);
  folder = stackFolder(path.join(root, "out"), TYPE);
  await terraform.init(folder);
});

/** The platform's state, with these outputs and nothing else. */
async function writePlatform(names: readonly string[]): Promise<void> {
  const output = (name: string) =>
    name === "subnet_ids" ? { value: ["subnet-0"], type: ["tuple", ["string"]] } : { value: name, type: "string" };
  const outputs = Object.fromEntries(names.map((name) => [name, output(name)]));
  const state = { version: 4, terraform_version: "1.11.0", serial: 1, lineage: "test", outputs, resources: [] };
  await writeFile(path.join(states, "platform.tfstate"), JSON.stringify(state));
}

describe("a job type's plan", () => {
  it("cannot be made while the platform has no state, which Terraform says of the platform's state by name", async () => {
    const error = await terraform.planError(folder);
    expect(error).toContain("Unable to find remote state");
    expect(error).toContain("with data.terraform_remote_state.platform");
  });

  it("says which outputs a platform does not have yet, and what to apply, once and not for every use", async () => {
    const all = Object.keys(PLATFORM_OUTPUTS);
    await writePlatform(all.filter((name) => name !== "vpc_id" && name !== "key_arn"));
    const error = (await terraform.planError(folder)).replaceAll(/[│╷╵] ?/g, "");
    expect(error).toContain(
      "The platform of emulated does not have these outputs yet: key_arn, vpc_id. Apply its stack, platform, from this version of the code,",
    );
    expect(error.match(/Error: /g)).toHaveLength(1);
  });
});
