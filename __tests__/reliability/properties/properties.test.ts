import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runs } from "../../support/property-runs.ts";
import type { SimulatedWorkerSettings } from "../world/simulated-worker.ts";
import { worldSuite } from "../world/world-suite.ts";
import { faultyCourses, type LifeCourse, lifeCourses } from "./life-steps.ts";
import { runCourse } from "./run-course.ts";
import { runCourses } from "./run-courses.ts";

const platform = worldSuite();

const KINDS = [
  ["answers", lifeCourses, 10],
  ["faults", faultyCourses, 2],
] as const;

/** The full runs are `properties.reliability-test.ts` and `faults.reliability-test.ts`. */
describe("the whole life of jobs", () => {
  it.each(KINDS)("keeps every invariant, whatever befalls workers, clients and clocks, with %s", async (_, courses, count) => {
    const { figures } = await runCourses(platform(), courses, count);
    expect(figures["courses passed"]).toBe(count);
  });

  it("meets the same faults again when a course is run again", async () => {
    const [course] = fc.sample(faultyCourses, { seed: 4, numRuns: 1 }) as [LifeCourse];
    const [first, again] = [await runCourse(platform(), course), await runCourse(platform(), course)];
    expect(again.tries).toEqual(first.tries);
    expect(again.injected).toEqual(first.injected);
    expect(first.injected.size).toBeGreaterThan(5);
  });

  it.each<[string, NonNullable<SimulatedWorkerSettings["overrides"]>]>([
    [
      "acknowledges what it only should have put back",
      ({ queue }) => ({ queue: { ...queue, setVisibility: (receiptHandle) => queue.delete(receiptHandle) } }),
    ],
    [
      "does not wait until its events are published",
      ({ events }) => ({ events: { publish: async (job) => void events.publish(job).catch(() => undefined) } }),
    ],
  ])("is told from that of a worker that %s by a course of few steps", async (_, worker) => {
    const property = fc.asyncProperty(lifeCourses, async (course) => {
      const { problems } = await runCourse(platform(), course, worker);
      return problems.length === 0;
    });
    const { failed, counterexample } = await fc.check(property, { ...runs(50), timeout: 10_000 });
    expect(failed).toBe(true);
    expect(counterexample?.[0].before.length).toBeLessThan(5);
  });
});
