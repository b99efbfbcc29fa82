import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { defineEnvironment } from "../environments/define-environment.ts";
import type { EnvironmentSettings, Network } from "../environments/environment.ts";
import { PLATFORM_STACK } from "../modules/platform-outputs.ts";
import { synthesize } from "../modules/synthesize.ts";
import type { StackJson } from "./idle-costs.ts";

const OWN = { cidr: "10.0.0.0/16", zones: ["us-east-1a", "us-east-1b"] } as const;

/** Every kind of network; those of its own lie in two zones. */
const NETWORKS: readonly EnvironmentSettings["network"][] = [
  { kind: "existing", vpcId: "vpc-00000000", subnetIds: ["subnet-00000000", "subnet-00000001"] },
  { kind: "public", ...OWN },
  { kind: "private-with-nat", ...OWN },
  { kind: "private-with-endpoints", ...OWN },
];

/** What synth writes for one kind of network. */
export interface CostStacks {
  readonly network: Network["kind"];
  readonly platform: StackJson;
  readonly jobTypes: readonly { readonly jobType: JobType; readonly stack: StackJson }[];
}

/**
 * Synthesizes the stacks to count what costs money in them, once for each kind of network. The folder that they are written to
 * is removed again.
 */
export async function costStacks(jobTypes: readonly JobType[], handlersFolder: string): Promise<CostStacks[]> {
  const folder = await mkdtemp(path.join(tmpdir(), "costs-"));
  try {
    const all: CostStacks[] = [];
    for (const network of NETWORKS) {
      const outputFolder = path.join(folder, network.kind);
      await synthesize({ environment: environmentOf(network), jobTypes, handlersFolder, outputFolder });
      const read = async (name: string): Promise<StackJson> =>
        JSON.parse(await readFile(path.join(outputFolder, "stacks", name, "cdk.tf.json"), "utf8"));
      const types = jobTypes.map(async (jobType) => ({ jobType, stack: await read(jobType.name) }));
      all.push({ network: network.kind, platform: await read(PLATFORM_STACK), jobTypes: await Promise.all(types) });
    }
    return all;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function environmentOf(network: EnvironmentSettings["network"]) {
  return defineEnvironment({
    name: "costs",
    accountId: "000000000000",
    region: "us-east-1",
    backend: { kind: "local", path: "states" },
    network,
    fargate: { maxVcpus: 100_000 },
  });
}
