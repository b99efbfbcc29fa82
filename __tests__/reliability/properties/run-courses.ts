import fc from "fast-check";
import { runs } from "../../support/property-runs.ts";
import type { Invariant } from "../checker/invariants.ts";
import { addChecks, type CheckCounts } from "../checker/verdict.ts";
import type { WorldPlatform } from "../world/world-platform.ts";
import { type LifeStep, lifeCourses } from "./life-steps.ts";
import { runCourse } from "./run-course.ts";

/** What came of generated courses. */
export interface CourseRuns {
  readonly courses: number;
  readonly steps: ReadonlyMap<LifeStep["do"] | "jump of days", number>;
  readonly jobs: number;
  readonly calls: number;
  readonly checks: CheckCounts;
}

/**
 * Runs so many generated courses.
 *
 * @throws Error with the smallest course that goes wrong, and the seed and path that make it again.
 */
export async function runCourses(platform: WorldPlatform, numRuns: number): Promise<CourseRuns> {
  const steps = new Map<LifeStep["do"] | "jump of days", number>();
  const checks = new Map<Invariant, number>();
  let courses = 0;
  let jobs = 0;
  let calls = 0;
  await fc.assert(
    fc.asyncProperty(lifeCourses, async (course) => {
      const outcome = await runCourse(platform, course);
      if (outcome.problems.length > 0) throw new Error(outcome.problems.join("\n"));
      courses += 1;
      jobs += outcome.jobs;
      calls += outcome.calls;
      for (const step of [...course.before, ...course.after]) steps.set(step.do, (steps.get(step.do) ?? 0) + 1);
      if (course.ageSeconds > 0) steps.set("jump of days", (steps.get("jump of days") ?? 0) + 1);
      addChecks(checks, outcome.verdict.checks);
    }),
    runs(numRuns),
  );
  return { courses, steps, jobs, calls, checks };
}
