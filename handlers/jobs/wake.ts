import type { RegistryEntry, WakeTarget } from "@autoscaling-job-queues/domain/job-type-registry";
import type { Telemetry } from "../telemetry.ts";

/** The two calls to ECS that starting a service from zero takes. */
export interface ServiceCalls {
  /** @returns the tasks that the service shall run. */
  readonly desiredCount: (service: WakeTarget, signal: AbortSignal) => Promise<number>;
  readonly setDesiredCount: (service: WakeTarget, count: number, signal: AbortSignal) => Promise<void>;
}

/** Starts the first task of a job type, where none runs. Never throws: an alarm does the same, only later. */
export type Wake = (jobType: Pick<RegistryEntry, "name" | "wake">) => Promise<void>;

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
 */
export function createWake({ load, telemetry: { logger, count }, now, deadlineMs = 2_000 }: WakeSettings): Wake {
  const awakeUntil = new Map<string, number>();
  const waking = new Map<string, Promise<void>>();

  const wake: Wake = async ({ name, wake: service }) => {
    try {
      const signal = AbortSignal.timeout(deadlineMs);
      const { desiredCount, setDesiredCount } = await load();
      if ((await desiredCount(service, signal)) === 0) {
        await setDesiredCount(service, 1, signal);
        logger.info("service woken", { jobType: name, ecsService: service.service });
        count("ServicesWoken", { jobType: name });
      }
      awakeUntil.set(name, now() + service.recheckSeconds * 1_000);
    } catch (error) {
      logger.warn("service not woken; its alarm will start it", { jobType: name, ecsService: service.service, error });
    }
  };

  return async (jobType) => {
    const { name } = jobType;
    if ((awakeUntil.get(name) ?? 0) > now()) return;
    const underWay = waking.get(name) ?? wake(jobType).finally(() => waking.delete(name));
    waking.set(name, underWay);
    await underWay;
  };
}
