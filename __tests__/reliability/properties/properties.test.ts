import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runs } from "../../support/property-runs.ts";
import { worldSuite } from "../world/world-suite.ts";
import { lifeCourses } from "./life-steps.ts";
import { runCourse } from "./run-course.ts";
import { runCourses } from "./run-courses.ts";

/** The full run is `properties.reliability-test.ts`. */
const COURSES = 10;

const platform = worldSuite();

describe("the whole life of jobs", () => {
  it("keeps every invariant, whatever befalls workers, clients and clocks", async () => {
    const { courses } = await runCourses(platform(), COURSES);
    console.log(`properties: ${courses} of ${COURSES} courses passed`);
    expect(courses).toBe(COURSES);
  });

  it("is told from that of a broken worker by a course of few steps", async () => {
    const property = fc.asyncProperty(lifeCourses, async (course) => {
      const { problems } = await runCourse(platform(), course, ({ queue }) => ({
        // It acknowledges what it only should have put back.
        queue: { ...queue, setVisibility: (receiptHandle) => queue.delete(receiptHandle) },
      }));
      return problems.length === 0;
    });
    const { failed, counterexample } = await fc.check(property, { ...runs(50), timeout: 10_000 });
    expect(failed).toBe(true);
    expect(counterexample?.[0].before.length).toBeLessThan(5);
  });
});
