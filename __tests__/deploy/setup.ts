import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import emulatedEnvironment from "../../environments/emulated.ts";
import { PLATFORM_STACK } from "../../modules/platform-outputs.ts";
import { DEPLOYED_TYPES, type Deployment, deployedEnvironment, stackFolder, terraformOf, writeStacks } from "./deployment.ts";
import { createStateBucket, startMoto } from "./moto.ts";
import { Terraform, terraformEnvironment, writeCliConfiguration } from "./terraform.ts";
import { findTools, type Tools } from "./tools.ts";

const LOG_FOLDER = path.resolve(".local", "deploy");

/** Applies the platform and the first job types to a local AWS, before any test runs. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), "deploy-"));
  const removals = [() => rm(folder, { recursive: true, force: true })];
  const teardown = async (): Promise<void> => {
    for (const remove of removals.toReversed()) await remove();
  };
  try {
    const cliConfigurations = { mirror: path.join(folder, "mirror.tfrc"), registry: path.join(folder, "registry.tfrc") };
    const tools = await toolsOrExit(folder, cliConfigurations.registry, teardown);
    console.log(`${tools.terraform}, moto by ${tools.python}, provider from ${tools.mirror ?? "the registry"}`);
    await writeCliConfiguration(cliConfigurations.mirror, tools.mirror);
    await rm(LOG_FOLDER, { recursive: true, force: true });
    await mkdir(LOG_FOLDER, { recursive: true });
    const moto = await startMoto(tools.python, path.join(LOG_FOLDER, "moto.log"));
    removals.push(moto.stop);
    const outputFolder = path.join(folder, "emulated");
    const { endpoint } = moto;
    const prepared = { endpoint, tools, outputFolder, cliConfigurations, logFolder: LOG_FOLDER };
    provide("deployment", { ...prepared, outputs: await applyAll(prepared) });
    return teardown;
  } catch (error) {
    await teardown();
    throw error;
  }
}

async function toolsOrExit(folder: string, registryOnly: string, teardown: () => Promise<void>): Promise<Tools> {
  const { providerVersion } = emulatedEnvironment({}).terraform;
  await writeCliConfiguration(registryOnly, undefined);
  const { tools, missing } = await findTools(process.env, providerVersion, async (binary) => {
    await writeFile(path.join(folder, "provider.tf.json"), JSON.stringify(requiredProvider(providerVersion)));
    const environment = terraformEnvironment(process.env, registryOnly);
    return await new Terraform({ binary, environment, log: path.join(folder, "registry.log") }).canInit(folder);
  });
  if (tools !== undefined) return tools;
  for (const sentence of missing) console.error(sentence);
  await teardown();
  // An error thrown here would come with a stack trace of the test runner's.
  process.exit(1);
}

function requiredProvider(version: string) {
  return { terraform: { required_providers: { aws: { source: "hashicorp/aws", version } } } };
}

async function applyAll(deployment: Omit<Deployment, "outputs">): Promise<Deployment["outputs"]> {
  const environment = deployedEnvironment(deployment);
  const { backend } = environment;
  if (backend.kind !== "s3") throw new Error(`the emulated environment keeps its states in ${backend.kind}, not in S3`);
  await createStateBucket(deployment.endpoint, backend.region, backend.bucket);
  await writeStacks(environment, deployment.outputFolder, DEPLOYED_TYPES);
  const stacks = [PLATFORM_STACK, ...DEPLOYED_TYPES];
  const folderOf = (stack: string): string => stackFolder(deployment.outputFolder, stack);
  // One after the other: a cache of providers is not made for two at once.
  for (const stack of stacks) await terraformOf(deployment, stack).init(folderOf(stack));
  const apply = async (stack: string): Promise<void> => {
    const started = Date.now();
    await terraformOf(deployment, stack).apply(folderOf(stack));
    console.log(`applied ${stack} in ${Math.round((Date.now() - started) / 1_000)} s`);
  };
  await apply(PLATFORM_STACK);
  // Job types know nothing of each other, and each has a state of its own.
  await Promise.all(DEPLOYED_TYPES.map(apply));
  const outputsOf = async (stack: string) => [stack, await terraformOf(deployment, stack).outputs(folderOf(stack))] as const;
  return Object.fromEntries(await Promise.all(stacks.map(outputsOf)));
}
