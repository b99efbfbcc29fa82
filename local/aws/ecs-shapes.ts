import { createHash } from "node:crypto";
import { constants } from "node:os";
import type { Service, Task } from "@aws-sdk/client-ecs";
import type { Fleet, FleetTask } from "./fleet.ts";
import { CLUSTER } from "./resources.ts";
import type { StoppedTask } from "./service-history.ts";

/** Services and tasks as ECS describes them, of what a single machine has of it. */

/** A shape of the SDK as AWS JSON 1.1 carries it: times are epoch seconds. */
type Wire<Shape> = Shape extends Date
  ? number
  : Shape extends (infer Item)[]
    ? Wire<Item>[]
    : Shape extends object
      ? { [Member in keyof Shape]: Wire<Shape[Member]> }
      : Shape;

const ARN_PREFIX = "arn:aws:ecs:us-east-1:000000000000";
const CLUSTER_ARN = `${ARN_PREFIX}:cluster/${CLUSTER}`;
/** The container's name, as in the task definition. */
const CONTAINER = "worker";
/** A program that a signal ended, as shells and containers number it. */
const SIGNALLED = 128;

export function taskArn(taskId: string): string {
  return `${ARN_PREFIX}:task/${CLUSTER}/${taskId}`;
}

export function serviceArn(name: string): string {
  return `${ARN_PREFIX}:service/${CLUSTER}/${name}`;
}

/** @returns undefined for a service that does not exist. */
export function serviceShape(fleet: Fleet, name: string): Wire<Service> | undefined {
  const counts = fleet.service(name);
  if (counts === undefined) return undefined;
  const { createdAt, failedTasks, events } = fleet.story(name);
  const created = seconds(createdAt);
  return {
    clusterArn: CLUSTER_ARN,
    serviceArn: serviceArn(name),
    serviceName: name,
    status: "ACTIVE",
    launchType: "FARGATE",
    taskDefinition: taskDefinitionArn(name),
    createdAt: created,
    ...counts,
    deployments: [
      {
        id: deploymentId(name),
        status: "PRIMARY",
        taskDefinition: taskDefinitionArn(name),
        launchType: "FARGATE",
        createdAt: created,
        updatedAt: created,
        ...counts,
        failedTasks,
        rolloutState: failedTasks === 0 ? "COMPLETED" : "IN_PROGRESS",
        rolloutStateReason: `ECS deployment ${deploymentId(name)} ${failedTasks === 0 ? "completed" : "in progress"}.`,
      },
    ],
    events: events.map(({ id, at, message }) => ({ id, createdAt: seconds(at), message })),
  };
}

export function runningTaskShape({ id, service, startedAt, stopping }: FleetTask): Wire<Task> {
  return {
    ...taskKeys(id, service, startedAt),
    lastStatus: "RUNNING",
    desiredStatus: stopping ? "STOPPED" : "RUNNING",
    startedAt: seconds(startedAt),
    containers: [{ ...containerKeys(id), lastStatus: "RUNNING" }],
  };
}

export function stoppedTaskShape({ id, service, startedAt, stoppedAt, exit, byItself, reason }: StoppedTask): Wire<Task> {
  const exitCode = exitCodeOf(exit);
  const notStarted = exitCode === undefined;
  const [stopCode, stoppedReason] = notStarted
    ? (["TaskFailedToStart", `CannotStartContainerError: ${exit}`] as const)
    : byItself
      ? (["EssentialContainerExited", "Essential container in task exited"] as const)
      : (["ServiceSchedulerInitiated", `Scaling activity initiated by (deployment ${deploymentId(service)})`] as const);
  return {
    ...taskKeys(id, service, startedAt),
    lastStatus: "STOPPED",
    desiredStatus: "STOPPED",
    ...(notStarted ? {} : { startedAt: seconds(startedAt) }),
    stoppingAt: seconds(stoppedAt),
    stoppedAt: seconds(stoppedAt),
    stopCode,
    stoppedReason,
    containers: [
      {
        ...containerKeys(id),
        lastStatus: "STOPPED",
        ...(notStarted ? { reason: stoppedReason } : { exitCode }),
        ...(reason === undefined ? {} : { reason }),
      },
    ],
  };
}

function taskKeys(id: string, service: string, createdAt: number) {
  return {
    taskArn: taskArn(id),
    clusterArn: CLUSTER_ARN,
    taskDefinitionArn: taskDefinitionArn(service),
    group: `service:${service}`,
    startedBy: deploymentId(service),
    launchType: "FARGATE" as const,
    createdAt: seconds(createdAt),
  };
}

function containerKeys(id: string) {
  return { name: CONTAINER, taskArn: taskArn(id), containerArn: `${ARN_PREFIX}:container/${CLUSTER}/${id}/${CONTAINER}` };
}

/** Undefined where it is the sentence of a system that started nothing. */
function exitCodeOf(exit: number | string): number | undefined {
  if (typeof exit === "number") return exit;
  const signal = constants.signals[exit as NodeJS.Signals] as number | undefined;
  return signal === undefined ? undefined : SIGNALLED + signal;
}

function taskDefinitionArn(service: string): string {
  return `${ARN_PREFIX}:task-definition/${service}:1`;
}

/** `ecs-svc/<number>`, as ECS names the deployments of a service. */
function deploymentId(service: string): string {
  return `ecs-svc/${createHash("sha256").update(service).digest().readUIntBE(0, 6)}`;
}

function seconds(milliseconds: number): number {
  return milliseconds / 1_000;
}
