import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import type { Environment } from "../environments/environment.ts";
import { loadEnvironment } from "../environments/load.ts";
import { PLATFORM_STACK } from "../modules/platform-outputs.ts";
import { statesOf } from "./state-list.ts";

/**
 * `npm run states`: compares the states that an environment has with the stacks that synth wrote, and ends with exit code 1 where
 * resources are left that no stack manages, as after a job type's folder was deleted. With `--json`, standard output has how many
 * resources each stack's state has, 0 for a stack that was never applied, and the sentences go to standard error.
 */
const STACKS = path.join("cdktf.out", "stacks");

/** @throws JobQueueError "MissingBuild" when nothing was synthesized, or another environment. */
async function synthesizedStacks({ name }: Environment): Promise<readonly string[]> {
  const text = await readFile(path.join(STACKS, PLATFORM_STACK, "cdk.tf.json"), "utf8").catch(() => undefined);
  const synth = `run JOBS_ENVIRONMENT=${name} npm run synth`;
  if (text === undefined) throw new JobQueueError("MissingBuild", `${STACKS} has no stacks; ${synth}`);
  const { provider } = JSON.parse(text) as {
    readonly provider: {
      readonly aws: readonly { readonly default_tags: readonly { readonly tags: { environment: string } }[] }[];
    };
  };
  const { environment } = provider.aws[0]?.default_tags[0]?.tags ?? {};
  if (environment !== name) throw new JobQueueError("MissingBuild", `${STACKS} holds environment ${environment}; ${synth}`);
  return (await readdir(STACKS)).sort();
}

function sentence(stack: string, resources: number, known: boolean): string {
  if (known) return resources === 0 ? `${stack}: not applied yet` : `${stack}: ${resources} resources`;
  if (resources === 0) return `${stack}: no stack, and no resources either; its state can be deleted`;
  return (
    `${stack}: ${resources} resources, but no stack: nothing manages them. Put the job type back, with retired: true in its ` +
    "deployment.ts, apply, and destroy the stack before the folder goes (docs/deployment.md, Retire a type)"
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
  const environment = await loadEnvironment();
  const stacks = await synthesizedStacks(environment);
  const states = await statesOf(environment);
  const all = [...new Set([...stacks, ...states.keys()])].map((stack) => {
    const resources = states.get(stack) ?? 0;
    return { stack, resources, known: stacks.includes(stack) };
  });
  const say = values.json ? console.error : console.log;
  for (const { stack, resources, known } of all) say(sentence(stack, resources, known));
  if (values.json) console.log(JSON.stringify(Object.fromEntries(all.map(({ stack, resources }) => [stack, resources]))));
  if (all.some(({ resources, known }) => !known && resources > 0)) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
