import type { Deployment } from "@autoscaling-job-queues/domain/deployment-settings";
import { type ContainerVariables, deploymentVariables, environmentVariables } from "@autoscaling-job-queues/domain/environment";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { STOP_TIMEOUT_SECONDS } from "@autoscaling-job-queues/domain/limits";
import type { Environment } from "../environments/environment.ts";
import { platformNames } from "./names.ts";
import type { PlatformState } from "./platform-state.ts";
import { literal } from "./registry-item.ts";
import { traceSecrets, traceVariables } from "./trace-variables.ts";

/** The worker's user in the image, a number so that ECS can tell that it is not root. */
const USER = "1000:1000";
/** The only place that a container can write to. */
export const SCRATCH = { name: "tmp", path: "/tmp" } as const;

export interface WorkerContainerSettings {
  readonly jobType: JobType;
  readonly deployment: Deployment;
  readonly platform: PlatformState;
  readonly queueUrl: string;
  /** With its tag. */
  readonly image: string;
  /** The tag alone, by which the job of a failed attempt names it. */
  readonly imageTag: string;
  readonly logGroup: string;
}

/** The container of a job type's tasks, as a task definition has it. */
export function workerContainer(environment: Environment, settings: WorkerContainerSettings) {
  const { region, canary } = environment;
  const { jobType, deployment, platform, queueUrl, image, imageTag, logGroup } = settings;
  const variables = {
    ...environmentVariables({
      jobType: jobType.name,
      queueUrl,
      jobsTableName: platform.jobsTableName,
      jobTypesTableName: platform.jobTypesTableName,
      eventsTopicArn: platform.eventsTopicArn,
      resultsBucket: platform.resultsBucketName,
      image: imageTag,
      canary,
      metricsNamespace: platformNames(environment).metrics,
    } satisfies ContainerVariables),
    // A job type may say otherwise.
    ...without(traceVariables(environment), deployment.secrets),
    ...deploymentVariables(deployment),
    ...escaped(deployment.variables),
  };
  const named = { ...without(traceSecrets(environment), deployment.variables), ...deployment.secrets };
  const secrets = inOrder(escaped(named)).map(({ name, value }) => ({ name, valueFrom: value }));
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
    environment: inOrder(variables),
    ...(secrets.length === 0 ? {} : { secrets }),
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

/** In order of name, as ECS returns them. */
function inOrder(variables: Readonly<Record<string, string>>) {
  return Object.entries(variables)
    .map(([name, value]) => ({ name, value }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Those that have no name of the others: ECS takes no secret of a variable's name. */
function without(named: Readonly<Record<string, string>>, others: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(named).filter(([name]) => !Object.hasOwn(others, name)));
}

function escaped(variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, literal(value)]));
}
