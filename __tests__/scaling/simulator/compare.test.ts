import { describe, expect, it } from "vitest";
import { PATTERNS, type Pattern } from "../../../scaling/simulator/arrivals.ts";
import { arrivalsPattern } from "../../../scaling/simulator/arrivals-file.ts";
import { bestOracle } from "../../../scaling/simulator/best-oracle.ts";
import { comparePattern, median } from "../../../scaling/simulator/compare.ts";
import { figuresOf } from "../../../scaling/simulator/figures.ts";
import { seededRandom } from "../../../scaling/simulator/random.ts";
import { course, jobs, SCALING, WORLD } from "./simulated.ts";

const SCENARIO = { scaling: SCALING, world: WORLD, jobSeconds: 30, seed: 1 };

function pattern(name: string): Pattern {
  const found = PATTERNS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no pattern ${name}`);
  return found;
}

describe("the oracle", () => {
  it("runs a lone job for a billed minute", () => {
    const found = bestOracle({ arrivals: jobs(1, 0, 5), until: 3_600, afterRest: true, world: WORLD, seed: 1, targetP95: 60 });
    expect(found?.figures.taskHours).toBeCloseTo(1 / 60, 3);
  });

  it("has no way to be quicker than a task starts", () => {
    expect(
      bestOracle({ arrivals: jobs(1), until: 3_600, afterRest: true, world: WORLD, seed: 1, targetP95: 10 }),
    ).toBeUndefined();
  });

  it("takes few tasks for long where jobs may wait, and many where they may not", () => {
    const find = (targetP95: number) =>
      bestOracle({ arrivals: jobs(200), until: 7_200, afterRest: true, world: WORLD, seed: 1, targetP95 });
    const [patient, hurried] = [find(1_500), find(120)];
    expect(patient?.figures.launches).toBeLessThan(4);
    expect(hurried?.figures.launches).toBeGreaterThan(20);
    expect(hurried?.figures.waitP95).toBeLessThanOrEqual(120);
    // 200 jobs of 30 s, two at a time.
    expect(patient?.figures.taskHours).toBeGreaterThan(3_000 / 3_600);
    expect(patient?.figures.taskHours).toBeLessThan(hurried?.figures.taskHours ?? 0);
  });

  it.each(["burst", "spikes", "trace"])("is beaten by nobody who waits no longer: %s", (name) => {
    const { ours, before, peers, oracle } = comparePattern(pattern(name), SCENARIO);
    for (const { policy, figures } of [ours, before, ...peers]) {
      if (figures.waitP95 > ours.figures.waitP95) continue;
      expect(figures.taskHours, policy.name).toBeGreaterThanOrEqual(oracle?.figures.taskHours ?? Number.POSITIVE_INFINITY);
    }
  });
});

describe("of few jobs, of which chance decides much, the oracle", () => {
  const few = (apart: number): Pattern => ({
    name: "few",
    description: "",
    until: 1_800,
    afterRest: false,
    arrivals: (random) => [0, 1, 2].map((job) => ({ at: 60 + apart * (job + random.uniform()), seconds: 5 })),
  });

  it.each([
    [1, 5],
    [10, 40],
    [300, 40],
    [300, 120],
  ])("meets our wait with no more task-hours than ours: %i s apart, on tasks that take %i s to start", (apart, startSeconds) => {
    const world = { ...WORLD, startSeconds, maxTasks: 5 };
    for (const seed of [1, 20, 40]) {
      const { ours, oracle, ratio } = comparePattern(few(apart), { ...SCENARIO, world, seed });
      expect(oracle?.figures.waitP95).toBeLessThanOrEqual(ours.figures.waitP95);
      expect(ratio).toBeGreaterThanOrEqual(1);
    }
  });
});

describe("a burst from zero", () => {
  it("has the right desired count within ten seconds, by the fast path; by the alarms alone it takes minutes", () => {
    const { rightCountSeconds, before, beatenBy } = comparePattern(pattern("burst"), SCENARIO);
    expect(rightCountSeconds).toBeLessThan(10);
    expect(before.figures.peakSeconds).toBeGreaterThan(60);
    expect(beatenBy).toEqual([]);
  });
});

describe("arrivals of a file", () => {
  it("may be as many as are allowed, all at once", () => {
    const arrivals = jobs(200_000, 0, 0.01);
    expect(figuresOf(course({ arrivals, settings: { ...WORLD, concurrency: 100 } })).drainSeconds).toBeLessThan(3_600);
  });

  it("have jobs of a week, which all end", () => {
    expect(figuresOf(course({ arrivals: jobs(1, 0, 604_800) })).drainSeconds).toBeGreaterThan(604_800);
  });

  it("are lines of a time and, where it is known, a length", () => {
    const { until, arrivals } = arrivalsPattern("a.csv", "# my day\n30,2\n\n12.5, 7\r\n60\n");
    const read = arrivals(seededRandom(1), 30);
    expect(read.slice(0, 2)).toEqual([
      { at: 12.5, seconds: 7 },
      { at: 30, seconds: 2 },
    ]);
    expect(read[2]?.seconds).toBeGreaterThan(0);
    expect(until).toBe(660);
  });

  it.each([
    ["1\nsoon\n", 'a.csv, line 2: "soon"'],
    ["1,2,3", 'a.csv, line 1: "1,2,3"'],
    ["-5,2", 'a.csv, line 1: "-5,2"'],
    ["5,0", "a.csv, line 1: a job of 0 s"],
    ["1700000000,5", "a.csv, line 1: 1700000000 s since the start; allowed are at most 2678400"],
    [`${"1".repeat(400)},5`, "a.csv, line 1: Infinity s since the start"],
    ["5,604801", "a.csv, line 1: a job of 604801 s; allowed are at most 604800"],
    ["# nothing\n", "a.csv has no arrivals"],
  ])("are refused with the line where they are wrong: %j", (text, message) => {
    expect(() => arrivalsPattern("a.csv", text)).toThrow(message);
  });
});

it("takes the middle of two in the middle", () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]);
});
