import { type ContainerSettings, environmentVariables } from "@autoscaling-job-queues/domain/environment";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { STOP_TIMEOUT_SECONDS } from "@autoscaling-job-queues/domain/limits";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition/index.js";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Environment } from "../environments/environment.ts";
import { createLogGroup, writeLogs } from "./log-group.ts";
import { arnOf, jobTypeNames, platformNames } from "./names.ts";
import type { PlatformState } from "./platform-state.ts";
import { ServiceRole } from "./service-role.ts";
import { executionStatements, workerStatements } from "./worker-policies.ts";

/** The worker's user in the image, a number so that ECS can tell that it is not root. */
const USER = "1000:1000";
/** The only place that a container can write to. */
const SCRATCH = { name: "tmp", path: "/tmp" } as const;

interface WorkerTaskSettings {
  readonly jobType: JobType;
  readonly platform: PlatformState;
  readonly queue: { readonly url: string; readonly arn: string };
  readonly repositoryArn: string;
  /** With its tag. */
  readonly image: string;
}

/** The task definition of a job type's workers, with the role that they have and the one that starts them. */
export class WorkerTask extends Construct {
  readonly arn: string;
  /** What the tasks may do, and what ECS may do to start them. */
  readonly rolePolicies: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, environment: Environment, settings: WorkerTaskSettings) {
    super(scope, id);
    const { jobType, platform, queue, repositoryArn } = settings;
    const { cpu, memoryMiB } = jobType.container;
    const names = jobTypeNames(environment, jobType.name);
    const logs = createLogGroup(this, "logs", environment, { name: names.logs, keyArn: platform.keyArn });
    const trust = {
      service: "ecs-tasks.amazonaws.com",
      condition: {
        StringEquals: { "aws:SourceAccount": environment.accountId },
        ArnLike: { "aws:SourceArn": arnOf(environment, "ecs", "*") },
      },
    };
    const taskRole = new ServiceRole(this, "task-role", environment, {
      ...trust,
      name: `${jobType.name}-task`,
      description: `Workers of job type ${jobType.name}`,
      statements: workerStatements(environment, { jobType: jobType.name, queueArn: queue.arn }, platform),
    });
    const executionRole = new ServiceRole(this, "execution-role", environment, {
      ...trust,
      name: `${jobType.name}-execution`,
      description: `Starts the workers of job type ${jobType.name}`,
      statements: executionStatements(repositoryArn, writeLogs(environment, names.logs)),
    });
    const definition = new EcsTaskDefinition(this, "definition", {
      family: names.taskFamily,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: String(cpu),
      memory: String(memoryMiB),
      runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: environment.fargate.architecture },
      taskRoleArn: taskRole.arn,
      executionRoleArn: executionRole.arn,
      volume: [{ name: SCRATCH.name }],
      containerDefinitions: JSON.stringify([containerDefinition(environment, settings, logs.name)]),
      // Terraform would deregister the revision that it replaces, which is what a failed deployment goes back to: ECS updates no
      // service to an inactive one (DeregisterTaskDefinition).
      skipDestroy: true,
    });
    this.arn = definition.arn;
    this.rolePolicies = [taskRole.policy, executionRole.policy];
  }
}

function containerDefinition(environment: Environment, settings: WorkerTaskSettings, logGroup: string) {
  const { region, canary } = environment;
  const { jobType, platform, queue, image } = settings;
  const variables = environmentVariables({
    jobType: jobType.name,
    queueUrl: queue.url,
    jobsTableName: platform.jobsTableName,
    eventsTopicArn: platform.eventsTopicArn,
    resultsBucket: platform.resultsBucketName,
    canary,
    metricsNamespace: platformNames(environment).metrics,
  } satisfies ContainerSettings);
  return {
    name: "worker",
    image,
    essential: true,
    user: USER,
    privileged: false,
    readonlyRootFilesystem: true,
    stopTimeout: STOP_TIMEOUT_SECONDS,
    // The init reaps what the programs of process jobs leave behind. It runs as the worker's user, and needs no capability either.
    linuxParameters: { initProcessEnabled: true, capabilities: { drop: ["ALL"] } },
    mountPoints: [{ sourceVolume: SCRATCH.name, containerPath: SCRATCH.path, readOnly: false }],
    // In order of name, as ECS returns them.
    environment: Object.entries(variables)
      .map(([name, value]) => ({ name, value }))
      .sort((one, other) => (one.name < other.name ? -1 : 1)),
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": logGroup,
        "awslogs-region": region,
        "awslogs-stream-prefix": "worker",
        // A worker must not wait for its log: its heartbeats would.
        mode: "non-blocking",
        "max-buffer-size": "4m",
      },
    },
  };
}
