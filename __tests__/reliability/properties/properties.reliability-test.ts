import { expect, it } from "vitest";
import { recordFigures } from "../report/record-figures.ts";
import { worldSuite } from "../world/world-suite.ts";
import { lifeCourses } from "./life-steps.ts";
import { runCourses } from "./run-courses.ts";

const COURSES = 1_800;

const platform = worldSuite();

it("keeps every invariant, whatever befalls workers, clients and clocks in the whole life of jobs", async () => {
  const run = await runCourses(platform(), lifeCourses, COURSES);
  recordFigures({
    suite: "properties",
    summary:
      "Generated courses of adds, cancels, reads, deaths, stops, duplicate deliveries and jumps of time, with clocks up to ten minutes apart. A model of what clients know predicts what they may be answered; then each world settles. `PROPERTY_SEED` makes other courses.",
    command: "npm run test:reliability -- properties",
    ...run,
  });
  expect(run.figures["courses passed"]).toBe(COURSES);
});
