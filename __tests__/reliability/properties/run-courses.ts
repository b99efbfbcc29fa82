import fc from "fast-check";
import { runs } from "../../support/property-runs.ts";
import type { Invariant } from "../checker/invariants.ts";
import { addChecks } from "../checker/verdict.ts";
import type { SuiteFigures } from "../report/record-figures.ts";
import type { WorldPlatform } from "../world/world-platform.ts";
import type { LifeCourse } from "./life-steps.ts";
import { runCourse } from "./run-course.ts";

/** What came of generated courses, for the report. */
export type CourseFigures = Required<Pick<SuiteFigures, "seed" | "figures" | "checks">>;

/** The one course that a run is narrowed to: the path that fast-check told of, beside its seed (`PROPERTY_SEED`). */
const { PROPERTY_PATH } = process.env;

/**
 * Runs so many generated courses.
 *
 * @throws Error with the smallest course that goes wrong, and the seed and path that make it again.
 */
export async function runCourses(
  platform: WorldPlatform,
  courses: fc.Arbitrary<LifeCourse>,
  numRuns: number,
): Promise<CourseFigures> {
  const [steps, ends, injected, checks] = [new Map(), new Map(), new Map(), new Map<Invariant, number>()];
  let [passed, jobs, tries, longestRecovery] = [0, 0, 0, 0];
  const property = fc.asyncProperty(courses, async (course) => {
    const outcome = await runCourse(platform, course);
    if (PROPERTY_PATH !== undefined) console.log(outcome.story.join("\n"));
    if (outcome.problems.length > 0) throw new Error(outcome.problems.join("\n"));
    passed += 1;
    jobs += outcome.jobs.length;
    tries += outcome.tries.length;
    longestRecovery = Math.max(longestRecovery, Math.round(outcome.recoverySeconds));
    for (const step of [...course.before, ...course.after]) count(steps, `steps: ${step.do}`);
    if (course.ageSeconds > 0) count(steps, "steps: jump of days");
    for (const { status, error } of outcome.jobs)
      count(ends, `ended as ${status}${error === undefined ? "" : ` (${error.code})`}`);
    for (const [kind, times] of outcome.injected) count(injected, `injected: ${kind}`, times);
    addChecks(checks, outcome.verdict.checks);
  });
  const settings = runs(numRuns);
  await fc.assert(property, { ...settings, ...(PROPERTY_PATH === undefined ? {} : { path: PROPERTY_PATH }) });
  const figures = {
    "courses run": numRuns,
    "courses passed": passed,
    jobs,
    ...Object.fromEntries([...ends].toSorted()),
    ...Object.fromEntries(steps),
    "tries of calls": tries,
    ...Object.fromEntries(injected),
    "longest recovery after the last disturbance (simulated s)": longestRecovery,
  };
  return { seed: settings.seed, figures, checks };
}

function count(counts: Map<string, number>, name: string, times = 1): void {
  counts.set(name, (counts.get(name) ?? 0) + times);
}
