import { describe, expect, it } from "vitest";
import { runs } from "../../support/property-runs.ts";
import { recordFigures } from "../report/record-figures.ts";
import { worldSuite } from "../world/world-suite.ts";
import { runCourses } from "./run-courses.ts";

const COURSES = 1_800;

const platform = worldSuite();

describe("the whole life of jobs", () => {
  it("keeps every invariant, whatever befalls workers, clients and clocks", async () => {
    const { courses, steps, jobs, calls, checks } = await runCourses(platform(), COURSES);
    recordFigures({
      suite: "properties",
      summary:
        "Generated courses of adds, cancels, reads, deaths, stops, duplicate deliveries and jumps of time, with clocks up to ten minutes apart. A model of what clients know predicts what they may be answered; then each world settles. `PROPERTY_SEED` makes other courses.",
      command: "npm run test:reliability -- properties",
      seed: runs(COURSES).seed,
      figures: {
        "courses run": COURSES,
        "courses passed": courses,
        jobs,
        ...Object.fromEntries([...steps].map(([step, count]) => [`steps: ${step}`, count])),
        "tries of calls": calls,
      },
      checks,
    });
    expect(courses).toBe(COURSES);
  });
});
