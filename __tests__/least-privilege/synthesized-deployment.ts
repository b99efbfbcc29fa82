import path from "node:path";
import { defineEnvironment } from "../../environments/define-environment.ts";
import { canaryJob } from "../../jobs/canary/job-type.ts";
import { documentJob } from "../../jobs/document/job-type.ts";
import { PLATFORM_STACK } from "../../modules/platform-outputs.ts";
import { synthesize } from "../../modules/synthesize.ts";
import { readStack } from "../modules/synthesized.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { Deployment } from "./deployment.ts";

/** The job types of the proof: the first is looked at closely, the second is what it must not reach. */
export const JOB_TYPES = [canaryJob, documentJob] as const;

/** Synthesizes the platform and two job types, in the account and region that the emulators play. */
export async function synthesizedDeployment(): Promise<Deployment> {
  const environment = defineEnvironment({
    name: "test",
    accountId: "000000000000",
    region: "us-east-1",
    backend: { kind: "local", path: "states" },
    network: { kind: "private-with-endpoints", cidr: "10.20.0.0/16", zones: ["us-east-1a"] },
    roles: { path: "/jobs/", namePrefix: "team-" },
  });
  const outputFolder = path.join(await temporaryFolder("least-privilege"), "cdktf.out");
  await synthesize({ environment, jobTypes: JOB_TYPES, handlersFolder: "dist/handlers", outputFolder });
  const names = [PLATFORM_STACK, ...JOB_TYPES.map(({ name }) => name)];
  const stacks = await Promise.all(names.map(async (name) => [name, await readStack(outputFolder, name)] as const));
  return new Deployment(environment, new Map(stacks));
}
