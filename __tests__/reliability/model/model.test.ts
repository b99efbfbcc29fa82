import { describe, expect, it } from "vitest";
import { describeViolation } from "../checker/verdict.ts";
import { SMALL } from "./configurations.ts";
import { explore } from "./explore.ts";
import { checkFinalHistories } from "./final-histories.ts";
import { STEP_MUTANTS } from "./step-mutants.ts";
import { TABLE_MUTANTS } from "./table-mutants.ts";
import { describeFailure } from "./trace.ts";

const MUTANTS = [...TABLE_MUTANTS, ...STEP_MUTANTS];

describe("the model", () => {
  it.each(SMALL)("keeps every invariant in every state: $name", (configuration) => {
    const exploration = explore(configuration);
    expect(describeFailure(exploration)).toBe("no violation");
    expect(exploration.ending).toBe(exploration.states.size);
    const { failure, histories } = checkFinalHistories(exploration, 20);
    expect(failure && [describeViolation(failure.violation), ...failure.steps]).toBeUndefined();
    expect(histories).toBeGreaterThan(0);
  });

  it("finds the same states and transitions each time", () => {
    const [first, second] = [explore(SMALL[0]!), explore(SMALL[0]!)];
    expect([second.states.size, second.transitions, second.depth]).toEqual([first.states.size, first.transitions, first.depth]);
  });
});

describe("a mistake", () => {
  it.each(MUTANTS)("is found by the invariant that it breaks: $name", ({ breaks, configuration, design }) => {
    const exploration = explore(configuration, design);
    expect(describeFailure(exploration)).toMatch(new RegExp(`^invariant ${breaks} `));
  });

  it("is all that was found: none of those bounds breaks anything without it", () => {
    const failures = MUTANTS.map(({ configuration }) => describeFailure(explore(configuration)));
    expect(new Set(failures)).toEqual(new Set(["no violation"]));
  });

  it("is shown by the shortest way to it, step by step", () => {
    const { configuration, design } = STEP_MUTANTS.find(({ name }) => name.startsWith("an add creates"))!;
    expect(describeFailure(explore(configuration, design)).split("\n").slice(1, 4)).toEqual([
      "   1. add job: request (adds)",
      "   2. add job: skip to create",
      "   3. add job: create",
    ]);
  });
});
