import path from "node:path";
import { deploymentIn } from "../../domain/deployment-settings.ts";
import { findJobFolders } from "../../domain/find-job-folders.ts";
import { defineEnvironment } from "../../environments/define-environment.ts";
import { orderTotalsJob } from "../../examples/jobs/order-totals/job-type.ts";
import { canaryJob } from "../../jobs/canary/job-type.ts";
import { documentJob } from "../../jobs/document/job-type.ts";
import { loadDeployments } from "../../modules/deployments.ts";
import { PLATFORM_STACK } from "../../modules/platform-outputs.ts";
import { synthesize } from "../../modules/synthesize.ts";
import { buildJobType, readStack } from "../modules/synthesized.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { Deployment } from "./deployment.ts";

/** Where the job types of the proof are that have a folder. */
const FOLDERS = ["jobs", "examples/jobs"];

/** A type for the sake of its secrets: the example's one is a parameter, these are Secrets Manager's, one of them read by a JSON key. */
const partnersJob = buildJobType({ name: "partners" });
const PARTNERS = {
  secrets: {
    API_KEY: "arn:aws:secretsmanager:us-east-1:000000000000:secret:partners/api-AbCdEf:key::",
    SIGNING_KEY: "arn:aws:secretsmanager:us-east-1:000000000000:secret:partners/signing-GhIjKl",
  },
};

/** Job types that reach more than their own work: the first, an example to copy, runs its jobs here; the other has no job. */
export const REACHING_TYPES = [orderTotalsJob, partnersJob] as const;

/** The job types of the proof: the first is looked at closely, the second is what it must not reach. */
export const JOB_TYPES = [canaryJob, documentJob, ...REACHING_TYPES] as const;

export const environment = defineEnvironment({
  name: "test",
  accountId: "000000000000",
  region: "us-east-1",
  backend: { kind: "local", path: "states" },
  network: {
    kind: "private-with-endpoints",
    cidr: "10.20.0.0/16",
    zones: ["us-east-1a"],
    services: ["secretsmanager", "ssm"],
  },
  roles: { path: "/jobs/", namePrefix: "team-" },
});

/** Synthesizes the platform and the job types, in the account and region that the emulators play. */
export async function synthesizedDeployment(): Promise<Deployment> {
  const outputFolder = path.join(await temporaryFolder("least-privilege"), "cdktf.out");
  const deployments = {
    ...(await loadDeployments(await findJobFolders(FOLDERS), environment)),
    partners: deploymentIn("partners/deployment.ts", () => PARTNERS, { ...environment, environment: environment.name }),
  };
  await synthesize({ environment, jobTypes: JOB_TYPES, deployments, handlersFolder: "dist/handlers", outputFolder });
  const names = [PLATFORM_STACK, ...JOB_TYPES.map(({ name }) => name)];
  const stacks = await Promise.all(names.map(async (name) => [name, await readStack(outputFolder, name)] as const));
  return new Deployment(environment, new Map(stacks));
}
