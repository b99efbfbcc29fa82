import { alarmName } from "@autoscaling-job-queues/domain/alarm-names";
import { METRICS_NAMESPACE } from "@autoscaling-job-queues/domain/environment";
import { SettingsError } from "@autoscaling-job-queues/domain/errors";
import { queueNames } from "@autoscaling-job-queues/domain/queue-names";
import type { LambdaName } from "@autoscaling-job-queues/domain/routes";
import type { Environment } from "../environments/environment.ts";
import { rolePrefix } from "../environments/neighbours.ts";

/** IAM: characters of a role's name. */
const MAX_ROLE_NAME = 64;

/** The names of the platform's resources. They follow from the environment, so that policies can name exact ARNs. */
export function platformNames({ namePrefix, accountId, region }: Environment) {
  return {
    jobsTable: `${namePrefix}-jobs`,
    jobTypesTable: `${namePrefix}-job-types`,
    eventsTopic: `${namePrefix}-job-events`,
    batchEventsFailed: `${namePrefix}-batch-events-failed`,
    alertsTopic: `${namePrefix}-alerts`,
    resultsBucket: `${namePrefix}-results-${accountId}-${region}`,
    keyAlias: `alias/${namePrefix}`,
    cluster: namePrefix,
    api: namePrefix,
    dashboard: namePrefix,
    metrics: `${METRICS_NAMESPACE}/${namePrefix}`,
    scheduleGroup: namePrefix,
    scheduleDeadLetters: `${namePrefix}-schedules-failed`,
    alarm: (name: string) => `${namePrefix}-${name}`,
    lambda: (name: LambdaName) => `${namePrefix}-${name}`,
    lambdaLogs: (name: LambdaName) => `/aws/lambda/${namePrefix}-${name}`,
    // API Gateway lets log delivery write by adding every group of another prefix to one resource policy of the account's region,
    // which has at most 5,120 characters (CloudWatch Logs: enabling logging from AWS services).
    accessLogs: `/aws/vendedlogs/${namePrefix}/api-access`,
    flowLogs: `/${namePrefix}/flow-logs`,
    // ECS's own name for it (Container Insights: log groups).
    containerInsights: `/aws/ecs/containerinsights/${namePrefix}/performance`,
  };
}

/** The names of a job type's resources. No two types can share one: what follows the type's name is always there. */
export function jobTypeNames({ namePrefix }: Environment, jobType: string) {
  const { jobs: queue, deadLetters } = queueNames(namePrefix, jobType);
  return {
    queue,
    deadLetters,
    repository: `${namePrefix}/${jobType}`,
    taskFamily: `${namePrefix}-${jobType}`,
    service: jobType,
    egress: `${namePrefix}-${jobType}-egress`,
    logs: `/${namePrefix}/workers/${jobType}`,
    alarm: (name: string) => alarmName(namePrefix, jobType, name),
  };
}

/**
 * The name of a role, with the prefix that the organization asks for.
 *
 * @throws SettingsError when it is longer than IAM's 64 characters.
 */
export function roleName(environment: Environment, name: string): string {
  const full = `${rolePrefix(environment)}${name}`;
  if (full.length <= MAX_ROLE_NAME) return full;
  throw new SettingsError(
    "roles.namePrefix and namePrefix",
    full,
    `${full.length - MAX_ROLE_NAME} characters less; a role's name has at most ${MAX_ROLE_NAME} (IAM quotas)`,
  );
}

/** The AWS partition of a region: part of every ARN. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** An ARN in the environment's account and region. */
export function arnOf({ accountId, region }: Environment, service: string, resource: string): string {
  return `arn:${partitionOf(region)}:${service}:${region}:${accountId}:${resource}`;
}
