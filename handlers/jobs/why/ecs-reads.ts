import { callSettings } from "@autoscaling-job-queues/domain/clients";
import type { WakeTarget } from "@autoscaling-job-queues/domain/job-type-registry";
import { DescribeServicesCommand, DescribeTasksCommand, ECSClient, ListTasksCommand, type Task } from "@aws-sdk/client-ecs";
import { MAX_TASKS_READ, type ServiceState, type TaskState } from "./evidence.ts";

/** What ECS tells of a type's service and tasks. */
export interface EcsReads {
  /** @returns null where there is no such service, or it is being deleted. */
  readonly service: (target: WakeTarget, signal: AbortSignal) => Promise<ServiceState | null>;
  /** Those that run or start, or those that stopped lately. */
  readonly tasks: (target: WakeTarget, status: "RUNNING" | "STOPPED", signal: AbortSignal) => Promise<TaskState[]>;
}

const REQUEST_TIMEOUT_MS = 1_500;
const MAX_EVENTS = 20;

export function ecsReads(): EcsReads {
  const client = new ECSClient({ ...callSettings({ requestTimeoutMs: REQUEST_TIMEOUT_MS }), maxAttempts: 2 });
  return {
    service: async ({ cluster, service }, abortSignal) => {
      const command = new DescribeServicesCommand({ cluster, services: [service] });
      const { services: [found] = [] } = await client.send(command, { abortSignal });
      if (found === undefined || found.status !== "ACTIVE") return null;
      const { desiredCount = 0, runningCount = 0, pendingCount = 0, events = [] } = found;
      return {
        desired: desiredCount,
        running: runningCount,
        pending: pendingCount,
        events: events
          .slice(0, MAX_EVENTS)
          .flatMap(({ createdAt, message }) =>
            createdAt === undefined || message === undefined ? [] : [{ at: createdAt.getTime(), message }],
          ),
      };
    },
    tasks: async ({ cluster, service: serviceName }, desiredStatus, abortSignal) => {
      const list = new ListTasksCommand({ cluster, serviceName, desiredStatus, maxResults: MAX_TASKS_READ });
      const { taskArns = [] } = await client.send(list, { abortSignal });
      if (taskArns.length === 0) return [];
      const { tasks = [] } = await client.send(new DescribeTasksCommand({ cluster, tasks: taskArns }), { abortSignal });
      return tasks.map(taskState);
    },
  };
}

/** Workers have one container. */
function taskState({
  taskArn = "",
  startedAt,
  stoppedAt,
  stopCode,
  stoppedReason,
  containers: [container] = [],
}: Task): TaskState {
  const state = {
    startedAt: startedAt?.getTime(),
    stoppedAt: stoppedAt?.getTime(),
    stopCode,
    stoppedReason,
    exitCode: container?.exitCode,
    containerReason: container?.reason,
  };
  const given = Object.entries(state).filter(([, value]) => value !== undefined);
  return { id: taskArn.slice(taskArn.lastIndexOf("/") + 1), ...Object.fromEntries(given) };
}
