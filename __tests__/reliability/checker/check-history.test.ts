import { describe, expect, it } from "vitest";
import { checkEvents } from "./check-events.ts";
import { checkHistory } from "./check-history.ts";
import { recordedRun } from "./gather-facts.ts";
import { readHistories, settled, soFar } from "./histories/notation.ts";
import { INVARIANT_NUMBERS, type Invariant } from "./invariants.ts";
import { Tally } from "./tally.ts";
import { describeViolation } from "./verdict.ts";

const BROKEN_FILES = ["./broken-jobs.histories", "./broken-runs.histories"];
const BROKEN_HISTORIES = BROKEN_FILES.flatMap((file) => readHistories(file, false)).map(({ title, history }) => {
  const [breaks = "", when = ""] = title.split(": ");
  return { breaks: Number(breaks) as Invariant, when, history };
});
const LEGAL_HISTORIES = readHistories("./legal.histories", true);
const life = (change = ""): string => `life\n${change}`;

/** Need threads that handlers really block and leave things behind in, values and files on their whole way, and raises of one count. */
const NOT_IN_HISTORIES: readonly Invariant[] = [24, 27, 28, 34, 37];

function violationsOf(history: Parameters<typeof checkHistory>[0]): string[] {
  return checkHistory(history).violations.map(describeViolation);
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

  it.each(LEGAL_HISTORIES)("finds nothing wrong when $title", ({ history }) => {
    expect(violationsOf(history)).toEqual([]);
  });

  it("finds nothing wrong at any moment of a legal run", () => {
    for (const { history, overtaken } of LEGAL_HISTORIES) {
      if (overtaken) continue;
      for (const [length] of history.facts.entries()) {
        expect(violationsOf({ facts: history.facts.slice(0, length), settled: false })).toEqual([]);
      }
    }
  });

  it("tells subscribers that follow the documented rule from those that go by the version alone", () => {
    const brokenBy = (isNewer?: Parameters<typeof checkEvents>[2]) =>
      LEGAL_HISTORIES.flatMap(({ title, history }) => {
        const tally = new Tally();
        checkEvents(recordedRun(history), tally, isNewer);
        return tally.verdict.violations.map(({ invariant }) => [title, invariant]);
      });
    expect(brokenBy()).toEqual([]);
    expect(brokenBy((state, other) => state.version > other.version)).toEqual([
      ["a key is used again after its job expired", 18],
    ]);
  });

  it("names the job and what happened", () => {
    const { violations } = checkHistory(soFar(life("at claimPublished: nothing")));
    expect(violations.map(describeViolation)).toEqual([
      expect.stringMatching(/^invariant 16 \(Events are complete\) broke for job \w+: worker-1 replaced version 2 \(RUNNING\)/),
    ]);
  });

  it("counts the checks of crash safety only where a process was killed", () => {
    expect(checkHistory(settled(life())).checks.has(15)).toBe(false);
    const { checks } = checkHistory(settled(life("worker-1 is killed")));
    const others = [...checks].reduce((sum, [invariant, count]) => sum + (invariant === 15 ? 0 : count), 0);
    expect(checks.get(15)).toBe(others);
  });

  it("checks the history of a long run in little time", () => {
    const text = JSON.stringify(settled(life()).facts);
    const [{ jobId: id }] = JSON.parse(text).slice(1);
    const lives = Array.from({ length: 1_000 }, (_, index) =>
      JSON.parse(text.replaceAll(id, id.slice(0, -4) + String(index).padStart(4, "0")).replaceAll('"m-1"', `"m-${index}"`)),
    );
    const facts = lives.flat();
    const start = process.cpuUsage();
    expect(checkHistory({ facts, settled: true }).violations).toEqual([]);
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / facts.length).toBeLessThan(50);
  });

  it("checks nothing in an empty history", () => {
    expect(checkHistory({ facts: [], settled: false }).checks.size).toBe(0);
  });
});
