import { type Deployment, NO_DEPLOYMENT } from "@autoscaling-job-queues/domain/deployment-settings";
import { SettingsError } from "@autoscaling-job-queues/domain/errors";
import type { FoundJobFolder } from "@autoscaling-job-queues/domain/find-job-folders";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { loadDeployment } from "@autoscaling-job-queues/domain/load-deployment";
import { checkRules, type SettingRule } from "@autoscaling-job-queues/domain/parse-settings";
import { checkScheduleInputs } from "@autoscaling-job-queues/domain/schedule-rules";
import type { Environment } from "../environments/environment.ts";
import { checkAccess } from "./access-rules.ts";
import { partitionOf } from "./names.ts";
import { policyDocument } from "./policy-document.ts";
import { accessStatements, secretStatements } from "./worker-policies.ts";

/** What job types reach in an environment, by their names. */
export type Deployments = Readonly<Record<string, Deployment>>;

/** A job type as an environment has it, with what it reaches there. */
export interface DeployedJobType {
  readonly jobType: JobType;
  readonly deployment: Deployment;
}

/** ECS: the JSON of a task definition has at most 64 KiB; half is more than all else takes. */
const MAX_VARIABLES_BYTES = 32_768;

/** IAM quotas: characters of a role's inline policies together, without blanks. What a type adds comes on top of the worker's, or ECS's, own. */
export const MAX_ROLE_POLICY = 10_240;
export const MAX_ACCESS_POLICY = 6_000;
export const MAX_SECRETS_POLICY = 8_000;

/**
 * Loads what each job type reaches in an environment: `deployment.ts` of its folder.
 *
 * @throws SettingsError, or JobQueueError "InvalidDeployment", for the first file that is wrong.
 */
export async function loadDeployments(
  folders: readonly FoundJobFolder[],
  { name, accountId, region }: Environment,
): Promise<Deployments> {
  const target = { environment: name, accountId, region };
  const loaded = folders.map(async (folder) => [folder.name, await loadDeployment(folder.path, target)]);
  return Object.fromEntries(await Promise.all(loaded));
}

/**
 * Each job type with its scaling in this environment, once its deployment fits the environment.
 *
 * @throws SettingsError for the first setting of a deployment that does not.
 */
export async function deployedJobTypes(
  environment: Environment,
  jobTypes: readonly JobType[],
  deployments: Deployments,
): Promise<DeployedJobType[]> {
  return await Promise.all(
    jobTypes.map(async (jobType) => {
      const deployment = deployments[jobType.name] ?? NO_DEPLOYMENT;
      await checkDeployment(environment, deployment);
      await checkScheduleInputs(deployment, jobType);
      const { minTasks, warm, ...scaling } = deployment.scaling;
      const deployed = { ...jobType, scaling: { ...jobType.scaling, ...scaling } };
      const most = Math.max(minTasks, ...warm.map((window) => window.minTasks));
      if (most > deployed.scaling.maxTasks) {
        const allowed = `at most scaling.maxTasks, which is ${deployed.scaling.maxTasks}`;
        throw new SettingsError(`${deployment.file}: scaling.minTasks or of a warm window`, most, allowed);
      }
      return { jobType: deployed, deployment: deployment.retired ? resting(deployment) : deployment };
    }),
  );
}

/** No task of a retired type runs but for the jobs that it still has. */
function resting(deployment: Deployment): Deployment {
  return { ...deployment, scaling: { ...deployment.scaling, minTasks: 0, warm: [] } };
}

async function checkDeployment(environment: Environment, deployment: Deployment): Promise<void> {
  const { file, secrets, variables } = deployment;
  const bytes = Buffer.byteLength(JSON.stringify([variables, secrets]));
  const partition = partitionOf(environment.region);
  const elsewhere = Object.entries(secrets).find(([, arn]) => !arn.startsWith(`arn:${partition}:`));
  const granted = policyDocument(accessStatements(deployment, [])).length;
  const read = policyDocument(secretStatements(Object.values(secrets))).length;
  checkRules(file, [
    {
      setting: "variables",
      given: `${bytes} bytes`,
      holds: bytes <= MAX_VARIABLES_BYTES,
      allowed: `at most ${MAX_VARIABLES_BYTES} bytes of variables and secrets`,
    },
    {
      setting: `secrets.${elsewhere?.[0]}`,
      given: elsewhere?.[1],
      holds: elsewhere === undefined,
      allowed: `an ARN that begins with arn:${partition}:, as ${environment.region} is there`,
    },
    {
      setting: "secrets",
      given: `${read} characters of policy`,
      holds: read <= MAX_SECRETS_POLICY,
      allowed: `fewer secrets, for at most ${MAX_SECRETS_POLICY} characters: one with several JSON keys counts once (IAM: ${MAX_ROLE_POLICY} in a role's policies)`,
    },
    {
      setting: "access",
      given: `${granted} characters of policy`,
      holds: granted <= MAX_ACCESS_POLICY,
      allowed: `at most ${MAX_ACCESS_POLICY} characters, as by patterns in place of many ARNs (IAM: ${MAX_ROLE_POLICY} in a role's policies)`,
    },
    ...secretRules(environment, secrets),
  ]);
  await checkAccess(environment, deployment);
}

/**
 * ECS reads secrets by the network of the task that it starts (Amazon ECS: interface VPC endpoints). Where that has no way out but endpoints,
 * each needs that of its service, and endpoints lead to this region and, by their policies, to this account alone: without one no task starts.
 */
function secretRules(
  { name: environment, network, accountId, region }: Environment,
  secrets: Deployment["secrets"],
): readonly SettingRule[] {
  if (network.kind !== "private-with-endpoints") return [];
  return Object.entries(secrets).map(([variable, arn]) => {
    const [, , service = "", ofRegion, ofAccount] = arn.split(":");
    const isHere = ofRegion === region && ofAccount === accountId;
    return {
      setting: `secrets.${variable}`,
      given: arn,
      holds: isHere && network.services.includes(service),
      allowed: isHere
        ? `secrets of services that tasks reach: name ${service} in network.services of environment ${environment}`
        : `a secret of account ${accountId} in ${region}: the endpoints of environment ${environment} lead nowhere else`,
    };
  });
}
