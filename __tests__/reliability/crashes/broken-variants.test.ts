import { describe, expect, it } from "vitest";
import { worldSuite } from "../world/world-suite.ts";
import { BROKEN_VARIANTS, type BrokenVariant } from "./broken-variants.ts";
import { parseCaseName } from "./crash-point.ts";
import { runCase } from "./run-case.ts";
import { SCENARIOS, type Scenario } from "./scenarios.ts";

const platform = worldSuite();

function byName(variants: readonly BrokenVariant[]): [string, BrokenVariant][] {
  return variants.map((broken) => [`${broken.name} (invariant ${broken.invariant})`, broken]);
}

function scenarioOf(name: string): Scenario {
  const { scenario } = parseCaseName(name);
  return SCENARIOS.find((known) => known.name === scenario) as Scenario;
}

describe("the crash enumeration notices", () => {
  it.each(byName(BROKEN_VARIANTS))("%s", async (_, { caseName, variant, invariant }) => {
    const { verdict, problems } = await runCase(platform(), scenarioOf(caseName), parseCaseName(caseName), variant);
    expect(verdict.violations.map((violation) => violation.invariant)).toContain(invariant);
    expect(problems.filter((problem) => problem.includes("did not come about"))).toEqual([]);
  });

  it.each(byName(BROKEN_VARIANTS.filter(({ alwaysBroken }) => !alwaysBroken)))(
    "%s only where a process dies",
    async (_, { caseName, variant }) => {
      const { scenario } = parseCaseName(caseName);
      expect((await runCase(platform(), scenarioOf(caseName), { scenario }, variant)).problems).toEqual([]);
    },
  );

  it("a crash that does not come about", async () => {
    const crashCase = parseCaseName("success/worker#1:4:PublishBatch:before");
    const { problems } = await runCase(platform(), scenarioOf("success"), crashCase);
    expect(problems).toEqual(["the crash at PublishBatch (call 4) did not come about: it was UpdateItem of worker#1"]);
  });
});
