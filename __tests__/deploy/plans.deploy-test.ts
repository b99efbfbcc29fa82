import { readFile } from "node:fs/promises";
import path from "node:path";
import { ListQueuesCommand } from "@aws-sdk/client-sqs";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { jobTypeNames, platformNames } from "../../modules/names.ts";
import { PLATFORM_STACK } from "../../modules/platform-outputs.ts";
import { statesOf } from "../../scripts/state-list.ts";
import { cdktf, printedChanges, synthWithoutBuild } from "./cdktf-command.ts";
import { DEPLOYED_TYPES, deployedEnvironment, stackFolder, terraformOf } from "./deployment.ts";
import { emulatedAws } from "./emulated-aws.ts";
import { differenceLines, JOB_TYPE_DIFFERENCES, PLATFORM_DIFFERENCES } from "./known-differences.ts";
import { type Plan, plannedDifferences } from "./plan-differences.ts";

/** Added, and destroyed again, while the others stay. */
const THIRD_TYPE = "document";
const FIRST_STACKS = [PLATFORM_STACK, ...DEPLOYED_TYPES];

const deployment = inject("deployment");
const folderOf = (stack: string): string => stackFolder(deployment.outputFolder, stack);
const terraform = (stack: string) => terraformOf(deployment, stack);

/** What a plan of a stack would change. */
async function differences(stack: string): Promise<readonly string[]> {
  return plannedDifferences((await terraform(stack).plan(folderOf(stack))) as Plan);
}

/** The resources of a stack, as its Terraform declares them. */
async function declared(stack: string): Promise<readonly string[]> {
  const text = await readFile(path.join(folderOf(stack), "cdk.tf.json"), "utf8");
  const { resource } = JSON.parse(text) as { readonly resource: Readonly<Record<string, object>> };
  return Object.entries(resource)
    .flatMap(([type, byId]) => Object.keys(byId).map((id) => `${type}.${id}`))
    .sort();
}

const known = (stack: string): readonly string[] =>
  differenceLines(stack === PLATFORM_STACK ? PLATFORM_DIFFERENCES : JOB_TYPE_DIFFERENCES);

/** Differences that are listed and occur no more fail as well, so that the list stays true. */
async function expectNothingNew(stacks: readonly string[]): Promise<void> {
  for (const stack of stacks) expect(await differences(stack), stack).toEqual(known(stack));
}

const names = (type: string) => jobTypeNames(deployedEnvironment(deployment), type);

/** The queues of all job types, as SQS lists them. */
async function queueNames(): Promise<readonly string[]> {
  const environment = deployedEnvironment(deployment);
  const aws = emulatedAws(deployment.endpoint, environment);
  const { QueueUrls = [] } = await aws.clients.sqs.send(new ListQueuesCommand({ QueueNamePrefix: environment.namePrefix }));
  aws.destroy();
  return QueueUrls.map((url) => path.basename(url)).sort();
}

describe("the applied stacks", () => {
  it.each(FIRST_STACKS)("%s: has every declared resource in its own state", async (stack) => {
    expect(await terraform(stack).resources(folderOf(stack))).toEqual(await declared(stack));
  });

  it("are told by their states in the bucket, with as many resources as they have", async () => {
    const states = await statesOf(deployedEnvironment(deployment));
    for (const stack of FIRST_STACKS) expect(states.get(stack), stack).toBe((await declared(stack)).length);
  });

  it("need nothing in a second plan but what moto answers otherwise than AWS", async () => {
    await expectNothingNew(FIRST_STACKS);
  });
});

describe("a third job type, with the CDKTF command", () => {
  let listed: string;
  beforeAll(async () => {
    listed = await cdktf(deployment, "list", "--app", await synthWithoutBuild());
  });

  it("is listed, and so are the others", () => {
    for (const stack of [...FIRST_STACKS, THIRD_TYPE]) expect(listed).toContain(path.join("stacks", stack));
  });

  it("is additions only, and only in its own stack", async () => {
    const additions = (await declared(THIRD_TYPE)).map((address) => `created ${address}`);
    expect(printedChanges(await cdktf(deployment, "diff", THIRD_TYPE, "--skip-synth"))).toEqual(additions);
    await expectNothingNew(FIRST_STACKS);
  });

  it("is destroyed alone: nothing of it is left, and the others lack nothing", async () => {
    await cdktf(deployment, "deploy", THIRD_TYPE, "--ignore-missing-stack-dependencies", "--auto-approve", "--skip-synth");
    expect(await differences(THIRD_TYPE)).toEqual(known(THIRD_TYPE));
    await cdktf(deployment, "destroy", THIRD_TYPE, "--auto-approve", "--skip-synth");
    expect(await terraform(THIRD_TYPE).resources(folderOf(THIRD_TYPE))).toEqual([]);
    expect((await statesOf(deployedEnvironment(deployment))).get(THIRD_TYPE)).toBe(0);
    const { batchEventsFailed, scheduleDeadLetters } = platformNames(deployedEnvironment(deployment));
    const typesQueues = DEPLOYED_TYPES.flatMap((type) => [names(type).deadLetters, names(type).queue]);
    expect(await queueNames()).toEqual([batchEventsFailed, scheduleDeadLetters, ...typesQueues].sort());
    await expectNothingNew(FIRST_STACKS);
  });
});
