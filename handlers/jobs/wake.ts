import type { RegistryEntry, WakeTarget } from "@autoscaling-job-queues/domain/job-type-registry";
import type { Telemetry } from "../telemetry.ts";

/** What starting tasks takes. */
export interface ServiceCalls {
  /** @returns whether the type is paused, as all changes before left it. */
  readonly isPaused: (jobType: string, signal: AbortSignal) => Promise<boolean>;
  /** @returns the tasks that the service shall run. */
  readonly desiredCount: (service: WakeTarget, signal: AbortSignal) => Promise<number>;
  readonly setDesiredCount: (service: WakeTarget, count: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Starts tasks of a job type, where fewer are wanted than so many jobs need; for a single job the first one, where none runs. A type that
 * is paused stays asleep. Never throws: an alarm does the same, only later.
 *
 * @param jobs that were added at once. @default 1
 */
export type Wake = (jobType: Pick<RegistryEntry, "name" | "maxTasks" | "wake">, jobs?: number) => Promise<void>;

/** Milliseconds for which a type that was found paused is not looked at again: a job that is added right after its end wakes it. */
const PAUSED_MS = 5_000;

interface WakeSettings {
  /** Loads the ECS client, when first used. */
  readonly load: () => Promise<ServiceCalls>;
  readonly telemetry: Telemetry;
  readonly now: () => number;
  /** Milliseconds for both calls: the caller of the API waits for them. @default 2000 */
  readonly deadlineMs?: number;
}

/**
 * Makes the wake call of this Lambda instance. A type whose service was seen awake, or was woken, is not looked at again
 * for its `recheckSeconds`: its tasks most often stay for the idle time, and where they do not, the alarm starts one. A failure
 * is not kept, so the next job tries again.
 *
 * Whoever pauses a type writes so first, and sets 0 then. So where a wake comes in between, it finds the pause when it looks once more, and
 * sets 0 itself.
 */
export function createWake({ load, telemetry: { logger, count }, now, deadlineMs = 2_000 }: WakeSettings): Wake {
  const awake = new Map<string, { readonly until: number; readonly tasks: number }>();
  const waking = new Map<string, Promise<void>>();

  const wake = async ({ name, wake: service }: Pick<RegistryEntry, "name" | "wake">, tasks: number): Promise<void> => {
    try {
      const signal = AbortSignal.timeout(deadlineMs);
      const calls = await load();
      const desired = await calls.desiredCount(service, signal);
      if (desired < tasks && (await calls.isPaused(name, signal))) {
        awake.set(name, { until: now() + PAUSED_MS, tasks: Number.POSITIVE_INFINITY });
        return;
      }
      if (desired < tasks) {
        await calls.setDesiredCount(service, tasks, signal);
        logger.info("service woken", { jobType: name, ecsService: service.service, tasks });
        count("ServicesWoken", { jobType: name });
        if (await calls.isPaused(name, signal)) await calls.setDesiredCount(service, 0, signal);
      }
      awake.set(name, { until: now() + service.recheckSeconds * 1_000, tasks: Math.max(desired, tasks) });
    } catch (error) {
      logger.warn("service not woken; its alarm will start it", { jobType: name, ecsService: service.service, error });
    }
  };

  return async (jobType, jobs = 1) => {
    const { name } = jobType;
    const tasks = tasksFor(jobs, jobType);
    const seen = awake.get(name);
    if (seen !== undefined && seen.until > now() && seen.tasks >= tasks) return;
    const key = `${name} ${tasks}`;
    const underWay = waking.get(key) ?? wake(jobType, tasks).finally(() => waking.delete(key));
    waking.set(key, underWay);
    await underWay;
  };
}

/** The tasks that jobs need, as the scale-out policy has it: one for each `backlogPerTask` begun, and no more than the type may run. */
export function tasksFor(
  jobs: number,
  { maxTasks, wake: { backlogPerTask = jobs } }: Pick<RegistryEntry, "maxTasks" | "wake">,
): number {
  return Math.max(1, Math.min(maxTasks, Math.ceil(jobs / backlogPerTask)));
}
