import { randomUUID } from "node:crypto";
import type { Control } from "@autoscaling-job-queues/domain/controls";
import type { RegistryEntry } from "@autoscaling-job-queues/domain/job-type-registry";
import { capacityFor } from "@autoscaling-job-queues/domain/scale-out-capacities";
import { raiseCount } from "../raise-count.ts";
import type { ScalingCalls } from "./scaling-calls.ts";
import { ROUND_MS, type SuspendDependencies, suspendType } from "./suspend-type.ts";

/** Changes of others that may come in between, one after the other. */
const MAX_ROUNDS = 5;

/**
 * Makes what scales a type follow its control: while it is paused nothing scales it, no task is wanted, and no alarm tells that jobs wait; ECS
 * lets protected tasks, which are at a job, end it. Otherwise it scales, and has as many tasks as its backlog needs.
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
  await wake(jobType, dependencies, AbortSignal.timeout(ROUND_MS));
  return true;
}

/** Alarms may start tasks of a service again, and page people about it; so may whoever adds jobs. */
export async function letGoOn(
  { name, wake: service }: Pick<RegistryEntry, "name" | "wake">,
  scaling: ScalingCalls,
  signal: AbortSignal,
): Promise<void> {
  await scaling.suspend(service, false, signal);
  await scaling.silence(service, false, signal);
  await scaling.hold(name, false, signal);
}

/** The alarms would start tasks too, but only when SQS has told CloudWatch of the messages. */
async function wake(jobType: RegistryEntry, { scaling, now, sleep }: SuspendDependencies, signal: AbortSignal): Promise<void> {
  await letGoOn(jobType, scaling, signal);
  const least = Math.min(jobType.maxTasks, await scaling.minTasks(jobType.wake, signal));
  await raiseCount(jobType, {
    calls: scaling,
    needed: (backlog) => (backlog === 0 ? 0 : capacityFor(backlog, jobType)),
    least,
    raised: () => {},
    newId: randomUUID,
    now,
    random: Math.random,
    sleep,
  });
}
