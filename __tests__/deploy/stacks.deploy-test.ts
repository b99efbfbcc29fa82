import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Environment } from "../../environments/environment.ts";
import { environmentNames, loadEnvironment } from "../../environments/load.ts";
import { PLATFORM_STACK } from "../../modules/platform-outputs.ts";
import { stackFolder, writeStacks } from "./deployment.ts";
import { differencesOfOlderProvider, installProvider } from "./provider-version.ts";
import { Terraform, terraformEnvironment } from "./terraform.ts";

const deployment = inject("deployment");
const { cliConfigurations, tools, logFolder } = deployment;
const terraform = (cliConfiguration: string): Terraform =>
  new Terraform({
    binary: tools.terraform,
    environment: terraformEnvironment(process.env, cliConfiguration),
    log: path.join(logFolder, "terraform-validate.log"),
  });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "stacks-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/**
 * `terraform validate` checks every argument against the provider's own schema. dev and prod ask for a provider of version 6; where
 * none can be installed, they are checked by the one at hand, through an override file of Terraform's that changes the version
 * and nothing else, and the test says so.
 */
describe.each(environmentNames())("the stacks of %s", (name) => {
  let environment: Environment;
  let stacks: readonly string[];
  beforeAll(async () => {
    environment = await loadEnvironment({ JOBS_ENVIRONMENT: name, MOTO_ENDPOINT: deployment.endpoint });
    await writeStacks(environment, path.join(folder, name), "all");
    stacks = await readdir(path.join(folder, name, "stacks"));
  });

  it("are the platform's, and one for each folder of jobs", async () => {
    const folders = (await readdir("jobs", { withFileTypes: true })).filter((entry) => entry.isDirectory());
    expect(stacks.toSorted()).toEqual([PLATFORM_STACK, ...folders.map((entry) => entry.name)].sort());
  });

  it("are valid", async () => {
    const validatedBy = new Set<string>();
    for (const stack of stacks) {
      const where = stackFolder(path.join(folder, name), stack);
      const installed = await installProvider(where, cliConfigurations, terraform);
      const problems = (await installed.terraform.validate(where)).map(({ address, summary, detail }) =>
        address === undefined ? `${summary}: ${detail}` : `${address}: ${summary}`,
      );
      const expected = installed.instead === undefined ? [] : differencesOfOlderProvider(stack, environment);
      expect(problems.sort(), stack).toEqual(expected.map((line) => expect.stringMatching(line)));
      validatedBy.add(installed.instead ?? "the provider that it asks for");
    }
    console.log(`${name} asks for ${environment.terraform.providerVersion}; validated by ${[...validatedBy].join(", ")}`);
  });

  it("are formatted", async () => {
    expect(await terraform(cliConfigurations.mirror).unformatted(path.join(folder, name, "stacks"))).toEqual([]);
  });
});

/** `terraform fmt` reads `.tf` files alone: what is synthesized here is JSON, which has no canonical format. */
describe("terraform fmt", () => {
  it("complains of a file of Terraform's own language, and knows nothing of JSON", async () => {
    const badly = await mkdtemp(path.join(folder, "badly-"));
    await writeFile(path.join(badly, "json.tf.json"), '{"locals":   {"one":1}}');
    expect(await terraform(cliConfigurations.mirror).unformatted(badly)).toEqual([]);
    await writeFile(path.join(badly, "native.tf"), "locals {\none   =   1\n}\n");
    expect(await terraform(cliConfigurations.mirror).unformatted(badly)).toEqual(["native.tf"]);
  });
});
