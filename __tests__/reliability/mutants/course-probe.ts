import { Exploration } from "../schedules/exploration.ts";
import { SCENARIOS, type Scenario } from "../schedules/scenarios.ts";
import { ONE_DISTURBANCE, TWO_DISTURBANCES } from "../schedules/schedule.ts";
import { DID_NOT_SETTLE } from "../world/stage.ts";
import { WorldPlatform } from "../world/world-platform.ts";
import { ATTEMPT_COURSES } from "./attempt-courses.ts";
import { type Breach, breachesOf } from "./breach.ts";
import { SERVICE_COURSES } from "./service-courses.ts";
import { TIME_COURSES } from "./time-courses.ts";
import { WATCH_COURSES } from "./watch-courses.ts";

/** A scenario that is made for one guard, and played in its usual order alone. */
export type Course = Omit<Scenario, "name">;

const COURSES: Readonly<Record<string, Course>> = { ...ATTEMPT_COURSES, ...SERVICE_COURSES, ...TIME_COURSES, ...WATCH_COURSES };

const SCHEDULES = /^(?<pairs>pairs in )?schedules of (?<name>.+)$/;

/** The scenario that a probe explores, and the bound within which it does; undefined where it names none. */
export function explorationOf(probe: string): { readonly scenario: Scenario; readonly atMost: 0 | 1 | 2 } | undefined {
  const course = COURSES[probe];
  if (course !== undefined) return { scenario: { ...course, name: probe }, atMost: 0 };
  const { name, pairs } = SCHEDULES.exec(probe)?.groups ?? {};
  const scenario = SCENARIOS.find((known) => known.name === name);
  return scenario === undefined ? undefined : { scenario, atMost: pairs === undefined ? 1 : 2 };
}

/** Explores the schedules of a scenario with so many disturbances, until one breaks something. @returns what it broke. */
export async function explore(probe: string): Promise<Breach[]> {
  const found = explorationOf(probe);
  if (found === undefined) throw new Error(`no probe is called ${probe}`);
  const bound = [{ ...ONE_DISTURBANCE, atMost: 0 }, ONE_DISTURBANCE, TWO_DISTURBANCES][found.atMost] ?? ONE_DISTURBANCE;
  const platform = await WorldPlatform.start();
  try {
    for await (const { outcome } of new Exploration(platform, found.scenario, [bound]).outcomes()) {
      const breaches = breachesOf(outcome.verdict.violations);
      if (breaches.length > 0) return breaches;
      if (outcome.problems.includes(DID_NOT_SETTLE)) return [{ broken: 14, message: DID_NOT_SETTLE }];
    }
    return [];
  } finally {
    await platform.stop();
  }
}
