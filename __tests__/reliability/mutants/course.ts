import type { WorkerSettings } from "../../../worker/settings.ts";
import { checkHistory } from "../checker/check-history.ts";
import { Stage, type Variant } from "../schedules/stage.ts";
import type { Interceptor } from "../world/call-gate.ts";
import { settledHistory } from "../world/settled-history.ts";
import { World } from "../world/world.ts";
import { type JobTypeRequest, WorldPlatform } from "../world/world-platform.ts";
import { type Breach, breachesOf, DID_NOT_SETTLE } from "./breach.ts";

/** What a course works with. */
export interface Scene {
  readonly stage: Stage;
  readonly world: World;
  /** From now on, calls pass this. */
  readonly intercept: (interceptor: Interceptor) => void;
}

/** A course of events that is made for one guard: nothing dies but what it kills. */
export interface Course {
  readonly jobType?: JobTypeRequest;
  readonly worker?: Partial<WorkerSettings>;
  readonly variant?: Variant;
  /** Whether the history is judged as it stands, without recovery: for courses that leave something undone on purpose. */
  readonly isOpen?: boolean;
  /** Plays it. @returns what broke that no history shows. */
  readonly play: (scene: Scene) => Promise<readonly Breach[]>;
}

/** Plays a course and lets the world recover. @returns what broke. */
export async function playCourse({ jobType, worker, variant, isOpen = false, play }: Course): Promise<Breach[]> {
  const platform = await WorldPlatform.start();
  let interceptor: Interceptor = (_, perform) => perform();
  const world = await World.open(platform, {
    intercept: (attempt, perform) => interceptor(attempt, perform),
    ...(jobType === undefined ? {} : { jobType }),
  });
  try {
    const stage = new Stage(world, worker, variant);
    const shown = await play({
      stage,
      world,
      intercept: (next) => {
        interceptor = next;
      },
    });
    if (isOpen) return [...shown, ...breachesOf(checkHistory(world.recorder.soFar()).violations)];
    const settled = await stage.recover();
    const breaches = [...shown, ...breachesOf(checkHistory(await settledHistory(world)).violations)];
    return settled || breaches.length > 0 ? breaches : [DID_NOT_SETTLE];
  } finally {
    await world.close();
    await platform.stop();
  }
}
