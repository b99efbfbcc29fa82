import fc from "fast-check";
import { raiseCourse } from "../../handlers/jobs/raise-courses.ts";
import { playRaises } from "../../handlers/jobs/raise-world.ts";
import type { Breach } from "./breach.ts";

const COURSES = 300;
const SEED = 20261130;

/** Many Lambdas that raise one count, each of which may die at any call. */
export async function raisesOfOneCount(): Promise<Breach[]> {
  for (const course of fc.sample(raiseCourse, { numRuns: COURSES, seed: SEED })) {
    const { changes } = await playRaises(course);
    const wrong = changes.find(({ from, to }) => to <= from || to > course.maxTasks);
    if (wrong !== undefined) {
      const { at, from, to } = wrong;
      return [{ broken: 37, message: `after ${at} ms somebody raised ${from} of ${course.maxTasks} tasks to ${to}` }];
    }
  }
  return [];
}
