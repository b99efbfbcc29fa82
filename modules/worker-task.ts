import type { Deployment } from "@autoscaling-job-queues/domain/deployment-settings";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition/index.js";
import { Fn, type ITerraformDependable, Op } from "cdktf";
import { Construct } from "constructs";
import type { Environment } from "../environments/environment.ts";
import { createLogGroup, writeLogs } from "./log-group.ts";
import { arnOf, jobTypeNames } from "./names.ts";
import type { PlatformState } from "./platform-state.ts";
import { ServiceRole } from "./service-role.ts";
import { traceSecrets } from "./trace-variables.ts";
import { SCRATCH, workerContainer } from "./worker-container.ts";
import { accessStatements, executionStatements, workerStatements } from "./worker-policies.ts";

interface WorkerTaskSettings {
  readonly jobType: JobType;
  readonly deployment: Deployment;
  readonly platform: PlatformState;
  readonly queue: { readonly url: string; readonly arn: string };
  readonly repositoryArn: string;
  /** With its tag. */
  readonly image: string;
  readonly imageTag: string;
}

/** The task definition of a job type's workers, with the role that they have and the one that starts them. */
export class WorkerTask extends Construct {
  readonly arn: string;
  /** What the tasks may do, and what ECS may do to start them. */
  readonly rolePolicies: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, environment: Environment, settings: WorkerTaskSettings) {
    super(scope, id);
    const { jobType, deployment, platform, queue, repositoryArn } = settings;
    const { cpu, memoryMiB } = jobType.container;
    const { ephemeralStorageGiB } = deployment.container;
    const names = jobTypeNames(environment, jobType.name);
    const logs = createLogGroup(this, "logs", environment, { name: names.logs, keyArn: platform.keyArn });
    const trust = {
      service: "ecs-tasks.amazonaws.com",
      condition: {
        StringEquals: { "aws:SourceAccount": environment.accountId },
        ArnLike: { "aws:SourceArn": arnOf(environment, "ecs", "*") },
      },
    };
    const own = workerStatements(environment, { jobType: jobType.name, queueArn: queue.arn }, platform);
    const taskRole = new ServiceRole(this, "task-role", environment, {
      ...trust,
      name: `${jobType.name}-task`,
      description: `Workers of job type ${jobType.name}`,
      statements: [...own, ...accessStatements(deployment, own)],
    });
    keepsFromKey(taskRole, jobType.name, deployment.access, platform.keyArn);
    const executionRole = new ServiceRole(this, "execution-role", environment, {
      ...trust,
      name: `${jobType.name}-execution`,
      description: `Starts the workers of job type ${jobType.name}`,
      statements: executionStatements(repositoryArn, writeLogs(environment, names.logs), {
        ...traceSecrets(environment),
        ...deployment.secrets,
      }),
    });
    const definition = new EcsTaskDefinition(this, "definition", {
      family: names.taskFamily,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: String(cpu),
      memory: String(memoryMiB),
      runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: environment.fargate.architecture },
      ...(ephemeralStorageGiB === undefined ? {} : { ephemeralStorage: { sizeInGib: ephemeralStorageGiB } }),
      taskRoleArn: taskRole.arn,
      executionRoleArn: executionRole.arn,
      volume: [{ name: SCRATCH.name }],
      containerDefinitions: JSON.stringify([
        workerContainer(environment, { ...settings, queueUrl: queue.url, logGroup: logs.name }),
      ]),
      // Terraform would deregister the revision that it replaces, which is what a failed deployment goes back to: ECS updates no
      // service to an inactive one (DeregisterTaskDefinition).
      skipDestroy: true,
    });
    this.arn = definition.arn;
    this.rolePolicies = [taskRole.policy, executionRole.policy];
  }
}

/** Fails the plan of a type that asks for the platform's own key, whose ARN is not known before. */
function keepsFromKey({ policy }: ServiceRole, jobType: string, access: Deployment["access"], keyArn: string): void {
  const keys = access.flatMap(({ resources }) => resources).filter((resource) => /:kms:.*:key\//.test(resource));
  if (keys.length === 0) return;
  policy.lifecycle = {
    precondition: [
      {
        condition: Op.not(Fn.contains(keys, keyArn)),
        // Not by the file: its path is another on every machine where JOBS_FOLDERS is absolute.
        errorMessage: `deployment.ts of job type ${jobType}: access names the platform's own key, which protects all job types`,
      },
    ],
  };
}
