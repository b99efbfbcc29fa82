import { expect, it } from "vitest";
import { runSchedule } from "./run-schedule.ts";
import { sampleSchedules } from "./sample-schedules.ts";
import { SCENARIOS, type Scenario } from "./scenarios.ts";
import { KINDS, parseScheduleName } from "./schedule.ts";
import { scheduleSuite } from "./schedule-suite.ts";

/** Which schedules the sample has; another is given as `RELIABILITY_SEED=<number>`. */
const SEED = Number(process.env.RELIABILITY_SEED ?? 20261122);
const PER_SCENARIO = 4;

scheduleSuite((platform) => {
  const [success] = SCENARIOS as readonly [Scenario];
  const named = (name: string) => parseScheduleName(name).disturbances;

  it("leaves no invariant broken, whatever it does: a sample of every scenario", async () => {
    const runs = await sampleSchedules(platform(), SCENARIOS, { seed: SEED, perScenario: PER_SCENARIO });
    console.log(`${runs.length} schedules, seed ${SEED}`);
    const failed = runs.filter(({ outcome }) => outcome.problems.length > 0);
    expect(failed.map(({ name, outcome }) => `${name}: ${outcome.problems.join("; ")}`)).toEqual([]);
    expect(runs.length).toBeGreaterThan(SCENARIOS.length * (1 + PER_SCENARIO));
    const kinds = new Set(runs.flatMap(({ disturbances }) => disturbances.map(({ kind }) => kind)));
    expect([...kinds].sort()).toEqual(Object.keys(KINDS).sort());
    for (const { name, disturbances } of runs) expect(parseScheduleName(name).disturbances).toEqual(disturbances);
  });

  it.each(["", "success/7:worker#1", "success/7:worker#1:UpdateItem:dies", "success/worker#1:7:UpdateItem:dies-after"])(
    "is not named by %j",
    (name) => {
      expect(() => parseScheduleName(name)).toThrow("not the name of a schedule");
    },
  );

  it("makes the same calls in the same order each time", async () => {
    const schedule = named("success/6:worker#1:UpdateItem:stalls/9:worker#2:UpdateItem:redelivers");
    const runs = [await runSchedule(platform(), success, schedule), await runSchedule(platform(), success, schedule)];
    const [first = [], second] = runs.map(({ points }) => points);
    expect(second).toEqual(first);
    expect(first.length).toBeGreaterThan(15);
  });

  it("that cannot be kept is told from one that can", async () => {
    const { problems } = await runSchedule(platform(), success, named("success/4:worker#1:PublishBatch:dies-before"));
    expect(problems).toEqual(["call 4 is not PublishBatch of worker#1: it was PublishBatch of add#1"]);
  });

  it("lets another process go first where it says so", async () => {
    const { points } = await runSchedule(platform(), success, named("success/3:worker#1:ReceiveMessage:overtakes"));
    expect(points.slice(1, 4).map(({ process, operation }) => `${process} ${operation}`)).toEqual([
      "add#1 SendMessageBatch",
      "worker#1 ReceiveMessage",
      "worker#1 UpdateItem",
    ]);
  });
});
