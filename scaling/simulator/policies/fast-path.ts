import type { ScalingSettings } from "@autoscaling-job-queues/domain/job-type";
import { FURTHER_ROUND_MS, LEASE_MS, PAUSED_MS, RAISE_MS, REST_MS } from "@autoscaling-job-queues/domain/raise-times";
import { LOOK_SECONDS, recheckSeconds } from "@autoscaling-job-queues/domain/registry-entry";
import type { PolicyWorld } from "../world.ts";
import { tasksForDepth } from "./tasks-for-depth.ts";

/** The fast path of `handlers/jobs/wake.ts`: its figures, and what is around it. */
export interface FastPathSettings {
  /** Lambda instances among which adds are spread; each remembers for itself. */
  readonly lambdas: number;
  /** An instance does not look at a type again for a random part of so many seconds, a fifth at the least. */
  readonly lookSeconds: number;
  /** `UpdateService` for the whole account, a second and at once (Amazon ECS: request throttling). */
  readonly updatesPerSecond: number;
  readonly updateBurst: number;
  /** Whether the type is paused. */
  readonly isPaused: (at: number) => boolean;
  /** Told of each call. */
  readonly observe?: (call: FastPathCall) => void;
}

export interface FastPathCall {
  readonly at: number;
  /** Reads the queue; sets the count; is refused it; or is refused the lease, as another raises the type. */
  readonly call: "look" | "raise" | "throttled" | "others";
  readonly count: number;
}

export const FAST_PATH: FastPathSettings = {
  lambdas: 20,
  lookSeconds: LOOK_SECONDS,
  updatesPerSecond: 5,
  updateBurst: 50,
  isPaused: () => false,
};

const LEAST_SHARE = 0.2;
/** One call of a Lambda to AWS. */
const CALL_SECONDS = 0.03;
const DEADLINE_SECONDS = RAISE_MS / 1_000;
const ROUND_SECONDS = FURTHER_ROUND_MS / 1_000;
const REST_SECONDS = REST_MS / 1_000;
const LEASE_SECONDS = LEASE_MS / 1_000;
const PAUSED_SECONDS = PAUSED_MS / 1_000;

interface Instance {
  /** The count as it was seen last, and until when that is trusted. */
  tasks: number;
  until: number;
  lookAt: number;
  asked: number;
}

/**
 * add-job raises the desired count to what the scale-out policy would set for the depth at hand, and never lowers it. An instance looks at the
 * queue every few seconds at most. Only the holder of the type's lease raises; when it has, it looks at the queue once more, and where messages
 * have come meanwhile, it raises again a second later.
 */
export function raiseOnAdd(world: PolicyWorld, settings: ScalingSettings, fastPath: FastPathSettings): void {
  const { lambdas, lookSeconds, isPaused, observe } = fastPath;
  const instances = Array.from({ length: lambdas }, (): Instance => ({ tasks: 0, until: 0, lookAt: 0, asked: 0 }));
  const mayUpdate = throttle(fastPath);
  let leasedUntil = Number.NEGATIVE_INFINITY;
  let leasedTasks = 0;
  const tasksFor = tasksForDepth(settings);
  const needed = (least: number) => Math.max(least, tasksFor(world.queue.visible + world.queue.inFlight));

  const round = (instance: Instance, least: number, endsAt: number): void => {
    const lookedAt = world.now;
    const again = (): boolean => {
      const restSeconds = REST_SECONDS * (1 + world.random.uniform() / 4);
      if (world.now + restSeconds + ROUND_SECONDS > endsAt) return false;
      world.at(world.now + restSeconds, () => round(instance, least, endsAt));
      return true;
    };
    const trusts = (count: number): void => {
      instance.tasks = count;
      instance.until = world.now + recheckSeconds(settings);
    };
    const wanted = needed(least);
    observe?.({ at: lookedAt, call: "look", count: wanted });
    instance.asked = Math.max(instance.asked, wanted);
    if (instance.until > lookedAt && instance.tasks >= wanted) return;
    const before = world.desiredCount;
    if (before >= wanted) {
      trusts(before);
      return;
    }
    world.at(lookedAt + 2 * CALL_SECONDS, () => {
      if (isPaused(world.now)) {
        instance.lookAt = world.now + PAUSED_SECONDS;
        instance.asked = Number.POSITIVE_INFINITY;
        return;
      }
      if (leasedUntil > lookedAt) {
        observe?.({ at: world.now, call: "others", count: wanted });
        instance.until = 0;
        if (leasedTasks < least) again();
        return;
      }
      leasedUntil = world.now + LEASE_SECONDS;
      leasedTasks = wanted;
      world.at(world.now + CALL_SECONDS, () => {
        if (!mayUpdate(world.now)) {
          observe?.({ at: world.now, call: "throttled", count: wanted });
          return;
        }
        observe?.({ at: world.now, call: "raise", count: wanted });
        world.setDesiredCount(wanted);
        leasedUntil = world.now + REST_SECONDS;
        trusts(wanted);
        if (needed(least) > wanted && !again()) instance.lookAt = world.now;
      });
    });
  };

  world.onAdd((jobs) => {
    const instance = instances[Math.floor(world.random.uniform() * lambdas)];
    if (instance === undefined) return;
    const { now } = world;
    const least = tasksFor(jobs.length);
    const isAtMost = instance.until > now && instance.tasks >= settings.maxTasks;
    const isEarly = instance.lookAt > now && instance.asked >= least;
    if (isAtMost || isEarly) return;
    instance.lookAt = now + lookSeconds * (LEAST_SHARE + (1 - LEAST_SHARE) * world.random.uniform());
    instance.asked = least;
    round(instance, least, now + DEADLINE_SECONDS);
  });
}

/** The account's bucket of `UpdateService` calls. */
function throttle({ updatesPerSecond, updateBurst }: FastPathSettings): (now: number) => boolean {
  let [tokens, tokensAt] = [updateBurst, 0];
  return (now) => {
    tokens = Math.min(updateBurst, tokens + (now - tokensAt) * updatesPerSecond);
    tokensAt = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
