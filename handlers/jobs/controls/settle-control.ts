import type { Control } from "@autoscaling-job-queues/domain/controls";
import type { RegistryEntry, WakeTarget } from "@autoscaling-job-queues/domain/job-type-registry";
import { tasksFor } from "../wake.ts";
import type { ScalingCalls } from "./scaling-calls.ts";
import { ROUND_MS, type SuspendDependencies, suspendType } from "./suspend-type.ts";

/** Changes of others that may come in between, one after the other. */
const MAX_ROUNDS = 5;

/**
 * Makes what scales a type follow its control: while it is paused nothing scales it, no task is wanted, and no alarm tells that jobs wait; ECS lets the protected ones,
 * which are at a job, end it. Otherwise it scales, and has as many tasks as its backlog needs.
 *
 * Of two people who say otherwise at the same time, one made the last change. Each looks, when done, whether that was theirs, and does what
 * it says where it was not: so the last calls are those of the last change, whoever makes them.
 *
 * @param control as the change left it.
 * @returns the control that the calls followed.
 */
export async function settleControl(
  jobType: RegistryEntry,
  control: Control,
  dependencies: SuspendDependencies,
): Promise<Control> {
  let followed = control;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const isDone = await follow(jobType, followed, dependencies);
    const now = await dependencies.controls.get(jobType.name);
    if (isDone && now.version === followed.version) return now;
    followed = now;
  }
  throw new Error(`others changed the control of ${jobType.name} ${MAX_ROUNDS} times in a row`);
}

/** @returns false where somebody has written since the control was read. */
async function follow(
  jobType: RegistryEntry,
  { paused, ...control }: Control,
  dependencies: SuspendDependencies,
): Promise<boolean> {
  if (paused !== undefined) return await suspendType(jobType, { paused, ...control }, dependencies);
  await wake(jobType, dependencies.scaling, AbortSignal.timeout(ROUND_MS));
  return true;
}

/** Alarms may start tasks of a service again, and page people about it. */
export async function letGoOn(service: WakeTarget, scaling: ScalingCalls, signal: AbortSignal): Promise<void> {
  await scaling.suspend(service, false, signal);
  await scaling.silence(service, false, signal);
}

/** The alarms would start tasks too, but only when SQS has told CloudWatch of the messages. */
async function wake(jobType: RegistryEntry, scaling: ScalingCalls, signal: AbortSignal): Promise<void> {
  const { queueUrl, wake: service, maxTasks } = jobType;
  await letGoOn(service, scaling, signal);
  const [backlog, minTasks, desired] = await Promise.all([
    scaling.backlog(queueUrl, signal),
    scaling.minTasks(service, signal),
    scaling.desiredCount(service, signal),
  ]);
  const needed = Math.min(maxTasks, Math.max(minTasks, backlog === 0 ? 0 : tasksFor(backlog, jobType)));
  if (desired < needed) await scaling.setDesiredCount(service, needed, signal);
}
