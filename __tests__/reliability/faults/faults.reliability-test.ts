import { expect, it } from "vitest";
import { faultyCourses } from "../properties/life-steps.ts";
import { runCourses } from "../properties/run-courses.ts";
import { recordFigures } from "../report/record-figures.ts";
import { worldSuite } from "../world/world-suite.ts";
import { FAULT_KINDS } from "./fault-injector.ts";

const COURSES = 600;

const platform = worldSuite();

it("brings jobs to their one end under faults of AWS and the network", async () => {
  const run = await runCourses(platform(), faultyCourses, COURSES);
  recordFigures({
    suite: "faults",
    summary:
      "Longer courses of the same steps, while calls to AWS fail under the SDK's retries, are answered late, or do what AWS promises only more or less. Then the faults stop, and everything has to come to its end. `PROPERTY_SEED` makes other courses and faults.",
    command: "npm run test:reliability -- faults",
    ...run,
  });
  expect(run.figures["courses passed"]).toBe(COURSES);
  for (const kind of FAULT_KINDS) expect(run.figures[`injected: ${kind}`], kind).toBeGreaterThan(0);
});
