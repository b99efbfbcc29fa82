import { describe, expect, it } from "vitest";
import type { Fact } from "../history/fact.ts";
import { checkEvents } from "./check-events.ts";
import { checkHistory } from "./check-history.ts";
import { recordedRun } from "./gather-facts.ts";
import { BROKEN_ANSWERS } from "./histories/broken-answers.ts";
import { BROKEN_COMMITS } from "./histories/broken-commits.ts";
import { BROKEN_MESSAGES_AND_EVENTS } from "./histories/broken-messages-and-events.ts";
import { BROKEN_TIMES } from "./histories/broken-times.ts";
import { BROKEN_WORKERS } from "./histories/broken-workers.ts";
import { LEGAL_LIVES, USED_AGAIN } from "./histories/legal-lives.ts";
import { LEGAL_RACES } from "./histories/legal-races.ts";
import { ADDED, lifeWith, settled, soFar } from "./histories/sample-life.ts";
import { INVARIANT_NUMBERS, type Invariant } from "./invariants.ts";
import type { NewerRule } from "./subscriber.ts";
import { Tally } from "./tally.ts";
import { describeViolation } from "./verdict.ts";

const BROKEN_HISTORIES = [
  ...BROKEN_ANSWERS,
  ...BROKEN_COMMITS,
  ...BROKEN_MESSAGES_AND_EVENTS,
  ...BROKEN_TIMES,
  ...BROKEN_WORKERS,
];
const LEGAL_HISTORIES = [...LEGAL_LIVES, ...LEGAL_RACES];

/** Need threads that handlers really block and leave things behind in, and values on their whole way. */
const NOT_IN_HISTORIES: readonly Invariant[] = [24, 27, 28];

function violationsOf(history: Parameters<typeof checkHistory>[0]): string[] {
  return checkHistory(history).violations.map(describeViolation);
}

/** The facts of so many jobs with the same life, one after the other. */
function manyLives(count: number): Fact[] {
  const [started, ...life] = lifeWith();
  const text = JSON.stringify(life);
  const copies = Array.from({ length: count }, (_, index) => {
    const id = ADDED.id.slice(0, -4) + String(index).padStart(4, "0");
    return JSON.parse(text.replaceAll(ADDED.id, id).replaceAll('"m-1"', `"m-${index}"`)) as Fact[];
  });
  return [started as Fact, ...copies.flat()];
}

describe("the checker", () => {
  it("has a history that breaks each invariant that histories can show", () => {
    const broken = new Set(BROKEN_HISTORIES.map(({ breaks }) => breaks));
    expect(INVARIANT_NUMBERS.filter((invariant) => !broken.has(invariant))).toEqual(NOT_IN_HISTORIES);
  });

  it.each(BROKEN_HISTORIES)("reports invariant $breaks when $when", ({ breaks, history }) => {
    const { violations, checks } = checkHistory(history);
    expect(violations.map(({ invariant }) => invariant)).toContain(breaks);
    expect(checks.get(breaks)).toBeGreaterThan(0);
  });

  it.each(LEGAL_HISTORIES)("finds nothing wrong when $when", ({ history }) => {
    expect(violationsOf(history)).toEqual([]);
  });

  it("finds nothing wrong at any moment of a legal run", () => {
    for (const { history, overtaken = false } of LEGAL_HISTORIES) {
      if (overtaken) continue;
      for (const [length] of history.facts.entries()) {
        expect(violationsOf(soFar(history.facts.slice(0, length)))).toEqual([]);
      }
    }
  });

  it("tells subscribers that follow the documented rule from those that go by the version alone", () => {
    const brokenBy = (isNewer?: NewerRule) =>
      LEGAL_HISTORIES.flatMap(({ when, history }) => {
        const tally = new Tally();
        checkEvents(recordedRun(history), tally, isNewer);
        return tally.verdict.violations.map(({ invariant }) => [when, invariant]);
      });
    expect(brokenBy()).toEqual([]);
    expect(brokenBy((state, other) => state.version > other.version)).toEqual([[USED_AGAIN, 18]]);
  });

  it("names the job and what happened", () => {
    const { violations } = checkHistory(soFar(lifeWith({ claimPublished: [] })));
    expect(violations.map(describeViolation)).toEqual([
      expect.stringMatching(/^invariant 16 \(Events are complete\) broke for job \w+: worker-1 replaced version 2 \(RUNNING\)/),
    ]);
  });

  it("counts the checks of crash safety only where a process was killed", () => {
    const killed = { kind: "gone", by: "worker-1", how: "killed" } as const;
    expect(checkHistory(settled(lifeWith())).checks.has(15)).toBe(false);
    const { checks } = checkHistory(settled([...lifeWith(), killed]));
    const others = [...checks].reduce((sum, [invariant, count]) => sum + (invariant === 15 ? 0 : count), 0);
    expect(checks.get(15)).toBe(others);
  });

  it("checks the history of a long run in little time", () => {
    const facts = manyLives(1_000);
    const start = process.cpuUsage();
    expect(checkHistory(settled(facts)).violations).toEqual([]);
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / facts.length).toBeLessThan(50);
  });

  it("checks nothing in an empty history", () => {
    expect(checkHistory(soFar([])).checks.size).toBe(0);
  });
});
