import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { figuresOf } from "../../../scaling/simulator/figures.ts";
import { alarmsAndWakeCall } from "../../../scaling/simulator/policies/alarms.ts";
import { keda } from "../../../scaling/simulator/policies/keda.ts";
import { queueProcessingService } from "../../../scaling/simulator/policies/queue-processing.ts";
import { backlogPerTask, copilot } from "../../../scaling/simulator/policies/target-tracking.ts";
import type { Policy } from "../../../scaling/simulator/world.ts";
import { course, jobs, SCALING, WORLD } from "./simulated.ts";

/** A service of so many tasks that nothing scales. */
function fixed(tasks: number, protectsBusyTasks = true): Policy {
  return { name: "fixed", source: "", minTasks: tasks, protectsBusyTasks, attach: () => {} };
}

describe("the simulated service", () => {
  it("runs as many jobs at a time as its tasks have slots, and no job before its task has started", () => {
    const { jobs: done, tasks } = course({ arrivals: jobs(12), policy: fixed(2) });
    expect(tasks).toHaveLength(2);
    // Two tasks of two slots: three rounds of 30 s.
    expect(new Set(done.map(({ startedAt }) => Math.round((startedAt - 60) / 30)))).toEqual(new Set([0, 1, 2]));
    for (const { startedAt } of done) expect(startedAt).toBeGreaterThanOrEqual(Math.min(...tasks.map(({ readyAt }) => readyAt)));
  });

  it("launches a hundred tasks at once and twenty a second after that", () => {
    const policy: Policy = { ...fixed(0), attach: (world) => world.at(0, () => world.setDesiredCount(300)) };
    const { tasks } = course({ arrivals: jobs(1), policy, settings: { ...WORLD, maxTasks: 300 } });
    const launched = tasks.map(({ launchedAt }) => launchedAt);
    expect(launched.filter((at) => at === 0)).toHaveLength(100);
    expect(Math.max(...launched)).toBeCloseTo(10);
  });

  it("bills from the image pull on, a minute at least, and until the end of the time that is looked at", () => {
    const { taskHours } = figuresOf(course({ arrivals: jobs(1), policy: fixed(1), until: 3_600 }));
    expect(taskHours).toBeGreaterThan(0.98);
    expect(taskHours).toBeLessThan(1.05);
    const short: Policy = {
      ...fixed(0),
      attach: (world) => world.at(0, () => [1, 0].map((count) => world.setDesiredCount(count))),
    };
    const { tasks, ...rest } = course({ arrivals: jobs(0), policy: short });
    expect(tasks).toHaveLength(1);
    expect(figuresOf({ ...rest, tasks }).taskHours).toBe(0);
  });

  it("has tasks that always run at once, however long others take to start", () => {
    const { jobs: done } = course({ arrivals: jobs(2), policy: fixed(1), settings: { ...WORLD, startSeconds: 300 } });
    for (const { at, startedAt } of done) expect(startedAt).toBe(at);
  });

  it("spares busy tasks that are protected, and loses the jobs of those that are not until their messages come back", () => {
    const stopAll = (protectsBusyTasks: boolean): Policy => ({
      ...fixed(0, protectsBusyTasks),
      attach: (world) => {
        world.at(0, () => world.setDesiredCount(1));
        world.at(100, () => world.setDesiredCount(0));
        world.at(130, () => world.setDesiredCount(1));
      },
    });
    const run = (protects: boolean) =>
      course({ arrivals: jobs(2, 0, 200), policy: stopAll(protects) }).jobs.map(({ at, startedAt }) => startedAt - at);
    for (const wait of run(true)) expect(wait).toBeLessThan(30);
    for (const wait of run(false)) expect(wait).toBeGreaterThan(500);
  });

  it("replaces tasks that Spot takes, and hands back what they do not end within two minutes", () => {
    const settings = { ...WORLD, spotInterruptionsPerHour: 6 };
    const { jobs: done, tasks } = course({ arrivals: jobs(40, 0, 300), policy: fixed(4), settings });
    expect(tasks.length).toBeGreaterThan(4);
    for (const { startedAt, finishedAt, seconds } of done) expect(finishedAt - startedAt).toBeCloseTo(seconds);
  });

  it("tells whoever adds jobs of those that are added, and not of those that come back", () => {
    let told = 0;
    const policy: Policy = {
      ...fixed(4),
      attach: (world) =>
        world.onAdd((added) => {
          told += added.length;
        }),
    };
    const settings = { ...WORLD, spotInterruptionsPerHour: 6 };
    course({ arrivals: jobs(40, 0, 300), policy, settings });
    expect(told).toBe(40);
  });

  it("has figures of as many jobs as a file may have", () => {
    const many = Array.from({ length: 200_000 }, () => ({ at: 5, seconds: 1, startedAt: 8, finishedAt: 9 }));
    const figures = figuresOf({ jobs: many, tasks: [], changes: [], moments: [], until: 10 });
    expect(figures).toMatchObject({ drainSeconds: 4, waitP50: 3, waitP95: 3 });
  });

  it("is the same for the same seed, and another for another", () => {
    const run = (seed: number) => figuresOf(course({ arrivals: jobs(200, 0.5), seed }));
    expect(run(7)).toEqual(run(7));
    expect(run(8)).not.toEqual(run(7));
  });
});

describe("the metrics of a simulated queue", () => {
  it("come late where it has been at rest, and so tasks go late", () => {
    const hours = (afterRest: boolean, seed: number) =>
      figuresOf(course({ arrivals: jobs(1), policy: alarmsAndWakeCall(SCALING), afterRest, seed })).taskHours;
    const seeds = Array.from({ length: 20 }, (_, seed) => seed);
    const [rested, awake] = [true, false].map((afterRest) => Math.max(...seeds.map((seed) => hours(afterRest, seed))));
    // Start, job, an empty minute, and what is late: four minutes; after a rest up to a quarter of an hour more.
    expect(awake).toBeLessThan(6 / 60);
    expect(rested).toBeGreaterThan(12 / 60);
    expect(rested).toBeLessThan(22 / 60);
  });
});

describe("the metrics of a queue on which tasks always poll", () => {
  it("are not those of one at rest, though no job has come for long", () => {
    const wait = (policy: Policy, afterRest: boolean) => figuresOf(course({ arrivals: jobs(1_000), policy, afterRest })).waitP95;
    for (const policy of [backlogPerTask(SCALING), queueProcessingService()])
      expect(wait(policy, true)).toBe(wait(policy, false));
    expect(wait(alarmsAndWakeCall(SCALING), true)).toBeGreaterThan(wait(alarmsAndWakeCall(SCALING), false));
  });
});

describe("whatever comes, and whoever scales", () => {
  const policies = [
    ["this system", undefined],
    ["without fast path", alarmsAndWakeCall(SCALING)],
    ["CDK", queueProcessingService()],
    ["Copilot", copilot(SCALING)],
    ["backlog per task", backlogPerTask(SCALING)],
    ["KEDA", keda(SCALING)],
  ] as const;

  it.each(policies)("every job runs once to its end, and no more tasks are wanted than may run: %s", (_, policy) => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            at: fc.double({ min: 0, max: 3_000, noNaN: true }),
            seconds: fc.double({ min: 0.1, max: 300, noNaN: true }),
          }),
          {
            minLength: 1,
            maxLength: 150,
          },
        ),
        fc.nat(1_000),
        fc.constantFrom(0, 2),
        (arrivals, seed, spotInterruptionsPerHour) => {
          const settings = { ...WORLD, maxTasks: 7, spotInterruptionsPerHour };
          const sorted = arrivals.toSorted((one, other) => one.at - other.at);
          const played = course({
            arrivals: sorted,
            settings,
            seed,
            afterRest: seed % 2 === 0,
            ...(policy === undefined ? {} : { policy }),
          });
          expect(played.jobs).toHaveLength(arrivals.length);
          for (const { at, startedAt, finishedAt, seconds } of played.jobs) {
            expect(startedAt).toBeGreaterThanOrEqual(at);
            expect(finishedAt).toBeCloseTo(startedAt + seconds);
          }
          if (policy !== undefined) expect(Math.max(0, ...played.changes.map(({ count }) => count))).toBeLessThanOrEqual(7);
        },
      ),
      { numRuns: 15 },
    );
  });
});
