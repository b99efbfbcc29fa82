import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Arrival } from "../../../scaling/simulator/arrivals.ts";
import { FAST_PATH, type FastPathCall, type FastPathSettings } from "../../../scaling/simulator/policies/fast-path.ts";
import { ours } from "../../../scaling/simulator/policies/ours.ts";
import { tasksForDepth } from "../../../scaling/simulator/policies/tasks-for-depth.ts";
import type { Course } from "../../../scaling/simulator/simulate.ts";
import type { Policy, WorldSettings } from "../../../scaling/simulator/world.ts";
import { course, jobs, SCALING, WORLD } from "./simulated.ts";

interface Race extends Course {
  readonly calls: readonly FastPathCall[];
}

interface RaceSettings {
  readonly arrivals: readonly Arrival[];
  readonly seed?: number;
  readonly fastPath?: Partial<FastPathSettings>;
  readonly world?: Partial<WorldSettings>;
  readonly paused?: { readonly from: number; readonly until: number };
}

/** Plays arrivals, and notes every call of the fast path. A pause sets 0, as the control Lambda does, and a resume what the messages need. */
function race({ arrivals, seed = 1, fastPath, world, paused }: RaceSettings): Race {
  const calls: FastPathCall[] = [];
  const isPaused = (at: number) => paused !== undefined && at >= paused.from && at < paused.until;
  const system = ours(SCALING, { ...FAST_PATH, ...fastPath, isPaused, observe: (call) => calls.push(call) });
  const policy: Policy = {
    ...system,
    attach: (own) => {
      system.attach(own);
      if (paused === undefined) return;
      own.at(paused.from, () => own.setDesiredCount(0));
      own.at(paused.until, () => {
        const depth = own.queue.visible + own.queue.inFlight;
        if (depth > 0) own.setDesiredCount(Math.max(own.desiredCount, tasksForDepth(SCALING)(depth)));
      });
    },
  };
  return { ...course({ arrivals, policy, seed, settings: { ...WORLD, ...world } }), calls };
}

/** From a look at the service to the raise, with some to spare. */
const RAISE_SECONDS = 0.1;
/** The minute of a sample, and the one that it comes late. */
const LATE_SECONDS = 120;

const of = ({ calls }: Race, call: FastPathCall["call"]) => calls.filter((one) => one.call === call);

/** The most of some calls within so many seconds. */
function mostWithin(calls: readonly FastPathCall[], seconds: number): number {
  return Math.max(
    0,
    ...calls
      .map(({ at }, first) => calls.slice(first).findIndex((later) => later.at >= at + seconds))
      .map((count, first) => (count === -1 ? calls.length - first : count)),
  );
}

/** The desired count right before a time, and since when it is. */
function countBefore({ changes }: Race, at: number): { readonly count: number; readonly at: number } {
  return changes.findLast((change) => change.at < at) ?? { count: 0, at: 0 };
}

const rush = fc.record({
  at: fc.double({ min: 60, max: 2_500, noNaN: true }),
  count: fc.integer({ min: 1, max: 400 }),
  apart: fc.constantFrom(0, 0.001, 0.05, 1),
});
const anyArrivals = fc
  .array(rush, { minLength: 1, maxLength: 4 })
  .map((rushes) =>
    rushes
      .flatMap(({ at, count, apart }) =>
        Array.from({ length: count }, (_, index): Arrival => ({ at: at + index * apart, seconds: 5 + (index % 40) })),
      )
      .toSorted((one, other) => one.at - other.at),
  );
const window = fc
  .record({ from: fc.integer({ min: 0, max: 2_000 }), seconds: fc.integer({ min: 10, max: 900 }) })
  .map(({ from, seconds }) => ({ from, until: from + seconds }));
const anyRace: fc.Arbitrary<RaceSettings> = fc.record(
  {
    arrivals: anyArrivals,
    seed: fc.nat(10_000),
    fastPath: fc.record({
      lambdas: fc.constantFrom(1, 3, 20, 200),
      updateBurst: fc.constantFrom(0, 1, 50),
      updatesPerSecond: fc.constantFrom(0, 0.05, 5),
    }),
    world: fc.record({ deployment: window }, { requiredKeys: [] }) as fc.Arbitrary<Partial<WorldSettings>>,
    paused: window,
  },
  { requiredKeys: ["arrivals", "seed", "fastPath"] },
) as fc.Arbitrary<RaceSettings>;

describe("the fast path, whatever comes while 200 Lambdas add, a deployment runs, calls are throttled and the type is paused", () => {
  const holds = (check: (played: Race, settings: RaceSettings) => void) =>
    fc.assert(
      fc.property(anyRace, (settings) => check(race(settings), settings)),
      { numRuns: 60 },
    );

  it("never asks for more tasks than the type may run, and lowers nothing but what an alarm sets while a raise is on its way", () =>
    holds((played) => {
      for (const { count } of played.changes) expect(count).toBeLessThanOrEqual(SCALING.maxTasks);
      for (const { at, count } of of(played, "raise")) {
        const before = countBefore(played, at);
        if (before.at < at - RAISE_SECONDS) expect(count).toBeGreaterThan(before.count);
      }
    }));

  it("sets the count of a type once a second at most, and looks at its queue a few times a second for each Lambda", () =>
    holds((played, { fastPath }) => {
      const updates = played.calls.filter(({ call }) => call === "raise" || call === "throttled");
      expect(mostWithin(updates, 1)).toBeLessThanOrEqual(1);
      expect(mostWithin(of(played, "look"), 1)).toBeLessThanOrEqual(2 * (fastPath?.lambdas ?? 1));
    }));

  it("raises for messages that are there, and the empty alarm undoes no raise whose messages it can know of", () =>
    holds((played, { paused }) => {
      for (const { at } of of(played, "raise")) {
        const open = played.jobs.filter((job) => job.at <= at && !(job.finishedAt < at));
        expect(open.length).toBeGreaterThan(0);
      }
      // A message that has been there for as long as metrics are late holds the empty alarm back.
      for (const { at, count } of played.changes) {
        if (count > 0 || at === paused?.from) continue;
        const held = played.jobs.filter((job) => job.at < at - LATE_SECONDS && !(job.finishedAt < at));
        expect(held, `0 at ${at}`).toEqual([]);
      }
    }));

  it("leaves a paused type asleep, and every job runs in the end", () =>
    holds((played, { paused }) => {
      if (paused !== undefined) {
        // A raise that was under way when the pause came waits for its lease: nothing is set afterwards.
        for (const { at } of of(played, "raise")) expect(at >= paused.from + 0.1 && at < paused.until).toBe(false);
      }
      for (const { at, startedAt, finishedAt } of played.jobs) {
        expect(startedAt).toBeGreaterThanOrEqual(at);
        expect(finishedAt).toBeGreaterThan(startedAt);
      }
    }));
});

describe("a burst that 200 Lambdas share", () => {
  const burst = jobs(1_000, 0.001, 60);

  it("has the right count within two seconds, by two or three calls of UpdateService", () => {
    const played = race({ arrivals: burst, fastPath: { lambdas: 200 } });
    const right = played.changes.find(({ count }) => count === SCALING.maxTasks);
    expect((right?.at ?? Number.POSITIVE_INFINITY) - 60).toBeLessThan(2);
    expect(of(played, "raise").length).toBeLessThanOrEqual(3);
    expect(of(played, "look").length).toBeLessThanOrEqual(210);
  });

  it("is left to the alarms where the account's calls are used up, which takes them no longer than without it", () => {
    const played = race({ arrivals: burst, fastPath: { updateBurst: 0, updatesPerSecond: 0 } });
    expect(of(played, "raise")).toEqual([]);
    expect(of(played, "throttled").length).toBeLessThan(10);
    const right = played.changes.find(({ count }) => count === SCALING.maxTasks);
    expect((right?.at ?? Number.POSITIVE_INFINITY) - 60).toBeLessThan(180);
  });

  it("scales out during a deployment, and in only after it", () => {
    const deployment = { from: 0, until: 1_800 };
    const { changes } = race({ arrivals: burst, world: { deployment } });
    expect(changes.find(({ count }) => count === SCALING.maxTasks)?.at).toBeLessThan(62);
    const falls = changes.filter(({ count }, index) => count < (changes[index - 1]?.count ?? 0));
    for (const { at } of falls) expect(at).toBeGreaterThanOrEqual(deployment.until);
    expect(changes.at(-1)?.count).toBe(0);
  });
});
