import { REST_MS } from "@autoscaling-job-queues/domain/raise-times";
import fc from "fast-check";
import type { RaiseCourse, Raiser } from "./raise-world.ts";

/** Clocks of Lambdas that differ by no more than the rest between raises. */
const skew = fc.integer({ min: 0, max: REST_MS - 1 });
const latencies = fc.array(fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 900 })), {
  minLength: 1,
  maxLength: 6,
});
const raiser: fc.Arbitrary<Raiser> = fc.record({
  startsAt: fc.oneof(fc.nat(300), fc.nat(9_000)),
  skew,
  jobs: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 300 })),
  latencies,
});
const crashing: fc.Arbitrary<Raiser> = fc
  .tuple(raiser, fc.option(fc.record({ call: fc.integer({ min: 1, max: 12 }), after: fc.boolean() }), { nil: undefined }))
  .map(([made, dies]) => (dies === undefined ? made : { ...made, dies }));
/** Some Lambdas, each of which adds jobs and raises the count; any of them may die at any call. */
export const raiseCourse: fc.Arbitrary<RaiseCourse> = fc.record({
  raisers: fc.array(crashing, { minLength: 1, maxLength: 12 }),
  backlogPerTask: fc.integer({ min: 1, max: 20 }),
  maxTasks: fc.integer({ min: 1, max: 50 }),
});
