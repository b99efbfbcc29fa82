import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { RegistryEntry } from "@autoscaling-job-queues/domain/job-type-registry";
import { PAUSED_MS } from "@autoscaling-job-queues/domain/raise-times";
import { capacityFor } from "@autoscaling-job-queues/domain/scale-out-capacities";
import type { Telemetry } from "../telemetry.ts";
import type { Raise, RaiseCalls } from "./raise-count.ts";

/** What a wake has to know of a type. */
export type WokenType = Pick<RegistryEntry, "name" | "queueUrl" | "maxTasks" | "wake">;

/**
 * Raises the count of a job type's tasks to what its messages need, as the scale-out policy has it, at least to what so many jobs need that were
 * just added: from zero, or from fewer. Never lowers it, and leaves a type that is paused asleep. Never throws: an alarm does the same,
 * only later.
 *
 * @param jobs that were added at once. @default 1
 */
export type Wake = (jobType: WokenType, jobs?: number) => Promise<void>;

const DEFAULT_LOOK_SECONDS = 5;

interface WakeSettings {
  /** @default Date.now */
  readonly now?: () => number;
  /** Milliseconds for all calls: the caller of the API waits for them. @default 2000 */
  readonly deadlineMs?: number;
  /** From 0 to 1. @default Math.random */
  readonly random?: () => number;
  /** @default a timer */
  readonly sleep?: Raise["sleep"];
}

/** What this instance knows of a type. Times are epoch milliseconds. */
interface Known {
  /** The count, as it was seen last. */
  readonly tasks: number;
  /** Until when that is trusted. */
  readonly until: number;
  /** When to look next, unless more jobs at once need more tasks than {@link asked}. */
  readonly lookAt: number;
  readonly asked: number;
}

/**
 * Makes the wake call of this Lambda instance. It looks at a type's queue at most once in some seconds, and not at all while all its tasks are
 * wanted. At the service it looks where more tasks are needed than it saw there in the last `recheckSeconds`: they most often stay for
 * the idle time, and where they do not, the alarm starts one.
 *
 * The looks of the instances are spread over time, so that of many that share a burst some look at its end.
 *
 * @param load loads the clients, when first used.
 */
export function createWake(
  load: () => Promise<RaiseCalls>,
  { logger, count }: Telemetry,
  { now = Date.now, deadlineMs, random = Math.random, sleep = byTimer }: WakeSettings = {},
): Wake {
  const known = new Map<string, Known>();

  const look = async (jobType: WokenType, jobs: number, before: Known): Promise<Known> => {
    const { name, wake } = jobType;
    const about = { jobType: name, ecsService: wake.service };
    const [{ raiseCount }, calls] = await Promise.all([import("./raise-count.ts"), load()]);
    const { tasks, state } = await raiseCount(jobType, {
      calls: {
        ...calls,
        // Messages that cannot be counted are none: those just added are known.
        backlog: orElse(calls.backlog, 0, (error) => logger.warn("messages not counted", { ...about, error })),
        // The count was raised, or is enough.
        release: orElse(calls.release, undefined, (error) => {
          logger.warn("lease not given back; it ends by itself", { ...about, error });
        }),
      },
      needed: (backlog) => capacityFor(Math.max(jobs, backlog), jobType),
      least: capacityFor(jobs, jobType),
      seen: before.until > now() && before.tasks >= capacityFor(jobs, jobType) ? before.tasks : undefined,
      raised: (to, from) => {
        logger.info("service woken", { ...about, tasks: to, before: from });
        count("ServicesWoken", { jobType: name });
      },
      newId: randomUUID,
      now,
      random,
      sleep,
      deadlineMs,
    });
    const asked = Math.max(before.asked, tasks);
    if (state === "held") return { tasks: 0, until: 0, lookAt: now() + PAUSED_MS, asked: Number.POSITIVE_INFINITY };
    if (state === "known") return { ...before, asked };
    if (state === "others") return { ...before, tasks: 0, until: 0, asked };
    const until = now() + wake.recheckSeconds * 1_000;
    return { tasks, until, asked, lookAt: state === "behind" ? now() : before.lookAt };
  };

  return async (jobType, jobs = 1) => {
    const { name, maxTasks, wake } = jobType;
    const at = now();
    const least = capacityFor(jobs, jobType);
    const last = known.get(name) ?? { tasks: 0, until: 0, lookAt: 0, asked: 0 };
    const isAtMost = last.until > at && last.tasks >= maxTasks;
    const isEarly = last.lookAt > at && last.asked >= least;
    if (isAtMost || isEarly) return;
    const { lookSeconds = DEFAULT_LOOK_SECONDS } = wake;
    // A failure is kept too: who was refused for too many calls makes no more of them for a while.
    const begun = { ...last, lookAt: at + lookSeconds * 1_000 * (0.2 + 0.8 * random()), asked: least };
    known.set(name, begun);
    try {
      known.set(name, await look(jobType, jobs, begun));
    } catch (error) {
      logger.warn("service not woken; its alarm will start it", { jobType: name, ecsService: wake.service, error });
    }
  };
}

async function byTimer(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal });
}

/** The call, answered by a value where it fails. */
function orElse<Given extends readonly unknown[], Answer>(
  call: (...given: Given) => Promise<Answer>,
  instead: Answer,
  failed: (error: unknown) => void,
): (...given: Given) => Promise<Answer> {
  return async (...given) => {
    try {
      return await call(...given);
    } catch (error) {
      failed(error);
      return instead;
    }
  };
}
