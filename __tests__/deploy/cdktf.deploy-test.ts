import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { PLATFORM_STACK } from "../../modules/platform-outputs.ts";
import { cdktf } from "./cdktf-command.ts";
import { deployedEnvironment, stackFolder, writeStacks } from "./deployment.ts";
import { runCaptured } from "./run-captured.ts";

const TYPE = "canary";
const INSTALL = "npm ci --prefix tools/cdktf";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "cdktf-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("npm run cdktf", () => {
  it("says how to install the command where it is missing", async () => {
    await copyFile("package.json", path.join(folder, "package.json"));
    const { code, stderr } = await runCaptured("npm", ["run", "--silent", "cdktf", "--", "list"], {
      cwd: folder,
      environment: process.env,
    });
    expect({ code, stderr }).toEqual({ code: 1, stderr: `The CDKTF command is missing: run ${INSTALL}.\n` });
  });

  it("is of the framework's version", async () => {
    const dependencies = async (file: string) =>
      (JSON.parse(await readFile(file, "utf8")) as { readonly dependencies: Readonly<Record<string, string>> }).dependencies;
    const framework = await dependencies("package.json");
    expect(await dependencies(path.join("tools", "cdktf", "package.json"))).toEqual({ "cdktf-cli": framework.cdktf });
  });
});

/**
 * The order comes from the dependencies in the manifest of the real stacks. What is in these here is of no provider, and notes when it comes
 * and goes: to create and destroy a platform again would take minutes.
 */
describe("the order of the stacks", () => {
  const deployment = inject("deployment");
  let order: string;
  let noting: typeof deployment;
  beforeAll(async () => {
    order = path.join(folder, "order");
    noting = { ...deployment, outputFolder: path.join(folder, "out") };
    await writeStacks(deployedEnvironment(deployment), noting.outputFolder, [TYPE]);
    for (const stack of [PLATFORM_STACK, TYPE]) await replaceResources(stack);
  });

  async function replaceResources(stack: string): Promise<void> {
    const file = path.join(stackFolder(noting.outputFolder, stack), "cdk.tf.json");
    const note = (done: string) => ({ command: `echo ${done} ${stack} >> ${order}` });
    const provisioner = [{ "local-exec": note("created") }, { "local-exec": { when: "destroy", ...note("destroyed") } }];
    const replaced = {
      // What the CDKTF command reads of a stack.
      "//": JSON.parse(await readFile(file, "utf8"))["//"],
      terraform: { backend: { local: { path: path.join(folder, `${stack}.tfstate`) } } },
      resource: { terraform_data: { note: { provisioner } } },
    };
    await writeFile(file, JSON.stringify(replaced));
  }

  it("is the platform before the types when they are deployed, and after them when they are destroyed", async () => {
    await cdktf(noting, "deploy", TYPE, PLATFORM_STACK, "--auto-approve", "--skip-synth");
    await cdktf(noting, "destroy", PLATFORM_STACK, TYPE, "--auto-approve", "--skip-synth");
    expect((await readFile(order, "utf8")).trim().split("\n")).toEqual([
      ...[PLATFORM_STACK, TYPE].map((stack) => `created ${stack}`),
      ...[TYPE, PLATFORM_STACK].map((stack) => `destroyed ${stack}`),
    ]);
  });
});
