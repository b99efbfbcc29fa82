import { EcsService, type EcsServiceConfig } from "@cdktf/provider-aws/lib/ecs-service/index.js";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { Environment } from "../environments/environment.ts";
import { providerKnows } from "../environments/provider-versions.ts";
import { jobTypeNames } from "./names.ts";
import type { PlatformState } from "./platform-state.ts";

/** Where tasks have their tags from. */
export const PROPAGATED_TAGS = "SERVICE";

/** What ECS takes to end tasks and to drain a service, beside the jobs that the tasks are at. */
const DELETION_MINUTES = 20;

/**
 * How long the deletion of what tasks use may take: until they have ended, and before that their jobs.
 *
 * @param timeoutSeconds of one attempt.
 */
export function untilTasksEnd(timeoutSeconds: number): { readonly delete: string } {
  return { delete: `${DELETION_MINUTES + Math.ceil(timeoutSeconds / 60)}m` };
}

interface WorkerServiceSettings {
  readonly jobType: string;
  /** Of one attempt. */
  readonly timeoutSeconds: number;
  readonly platform: PlatformState;
  readonly securityGroupIds: readonly string[];
  readonly taskDefinitionArn: string;
  /** What running tasks need until the last has stopped: it is destroyed after the service, which waits for them. */
  readonly neededByTasks: readonly ITerraformDependable[];
}

/** The ECS service of a job type: no task at first, and then as many as its alarms and the wake call ask for. */
export function createWorkerService(
  scope: Construct,
  id: string,
  environment: Environment,
  { jobType, timeoutSeconds, platform, securityGroupIds, taskDefinitionArn, neededByTasks }: WorkerServiceSettings,
): EcsService {
  return new EcsService(scope, id, {
    name: jobTypeNames(environment, jobType).service,
    cluster: platform.clusterArn,
    taskDefinition: taskDefinitionArn,
    desiredCount: 0,
    ...placement(environment),
    platformVersion: "LATEST",
    networkConfiguration: {
      subnets: platform.subnetIds,
      securityGroups: [...securityGroupIds],
      assignPublicIp: environment.network.kind === "public",
    },
    deploymentCircuitBreaker: { enable: true, rollback: true },
    deploymentMinimumHealthyPercent: 100,
    deploymentMaximumPercent: 200,
    enableEcsManagedTags: true,
    // Workers may protect the tasks that have their type's tag, and no others.
    propagateTags: PROPAGATED_TAGS,
    // It would stop tasks to spread them anew: busy ones are protected, and a queue waits out the loss of a zone.
    ...(providerKnows(environment.terraform.providerVersion, "zone-rebalancing")
      ? { availabilityZoneRebalancing: "DISABLED" }
      : {}),
    timeouts: untilTasksEnd(timeoutSeconds),
    dependsOn: [...neededByTasks],
    // Scaling owns the count from the first message on.
    lifecycle: { ignoreChanges: ["desired_count"] },
  });
}

function placement({
  fargate,
}: Environment): Pick<EcsServiceConfig, "launchType" | "capacityProviderStrategy" | "forceNewDeployment"> {
  if (fargate.placement === "launch-type") return { launchType: "FARGATE" };
  const providers = [
    { capacityProvider: "FARGATE", base: fargate.base, weight: fargate.weight },
    { capacityProvider: "FARGATE_SPOT", base: 0, weight: fargate.spotWeight },
  ];
  return {
    capacityProviderStrategy: providers.filter(({ base, weight }) => base + weight > 0),
    // ECS takes another strategy only with a new deployment, so provider 6 refuses to plan a change of weights without this
    // (hashicorp/terraform-provider-aws, pull request 43533). It acts when the service changes anyway, and never by itself.
    forceNewDeployment: true,
  };
}
