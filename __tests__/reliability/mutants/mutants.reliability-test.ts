import { describe, expect, it } from "vitest";
import type { Invariant } from "../checker/invariants.ts";
import { recordFigures } from "../report/record-figures.ts";
import { type Breach, notKilled } from "./breach.ts";
import { breakableName, MUTANTS, type Mutant } from "./mutant.ts";
import { runProbes } from "./run-probes.ts";

/** The mutant that a run is narrowed to: `RELIABILITY_CASE=<name>`. */
const REPLAYED = process.env.RELIABILITY_CASE;

const MUTANT_TIMEOUT_MS = 120_000;
const PRISTINE_TIMEOUT_MS = 600_000;

const killed = new Map<Mutant, readonly Breach[]>();

async function kill(mutant: Mutant): Promise<void> {
  const [breaches = []] = await runProbes(mutant.edits, [mutant.killer], MUTANT_TIMEOUT_MS);
  expect(notKilled(mutant, breaches), `replay with RELIABILITY_CASE="${mutant.name}"`).toBeUndefined();
  killed.set(mutant, breaches);
}

describe("the product with a guard removed", () => {
  if (REPLAYED !== undefined) {
    it(`is found out for ${REPLAYED}, to which this run is narrowed`, async () => {
      const mutant = MUTANTS.find(({ name }) => name === REPLAYED);
      if (mutant === undefined) throw new Error(`no mutant is called ${REPLAYED}`);
      await kill(mutant);
      console.log(killed.get(mutant));
    });
    return;
  }

  it("differs from the product as it is, in which every probe finds everything sound", async () => {
    // The schedules of the product as it is are explored by the suite that is for them, all that a probe explores among them.
    const probes = [...new Set(MUTANTS.map(({ killer }) => killer))].filter((probe) => !probe.includes("schedules of "));
    const found = await runProbes([], probes, PRISTINE_TIMEOUT_MS);
    expect(probes.map((probe, index) => [probe, found[index]])).toEqual(probes.map((probe) => [probe, []]));
  });

  it.each(MUTANTS.map((mutant) => [titleOf(mutant), mutant] as const))("%s", async (_, mutant) => {
    await kill(mutant);
  });

  it("was always found out", () => {
    const lines = MUTANTS.map((mutant) => `  ${killed.has(mutant) ? "killed  " : "SURVIVED"}  ${titleOf(mutant)}`);
    console.log(`mutants: ${killed.size} of ${MUTANTS.length} killed\n${lines.join("\n")}`);
    recordFigures({
      suite: "mutants",
      summary:
        "The product's source with one guard removed, each in a process of its own. The verdict on each must be that the guard's " +
        "invariant broke. Where two guards cover for each other, both are removed.",
      command: "npm run test:reliability -- mutants",
      figures: {
        "killed / total": `${killed.size} / ${MUTANTS.length}`,
        "killed by schedules": [...killed.keys()].filter(({ killer }) => killer.includes("schedules of ")).length,
        "files mutated": new Set(MUTANTS.flatMap(({ edits }) => edits.map(({ file }) => file))).size,
        ...Object.fromEntries(MUTANTS.map((mutant) => [mutant.name, tellsOf(mutant)])),
      },
      checks: killsByInvariant(),
    });
    expect(MUTANTS.filter((mutant) => !killed.has(mutant)).map(({ name }) => name)).toEqual([]);
  });
});

function titleOf({ name, breaks, killer }: Mutant): string {
  return `${breakableName(breaks[0])} is broken by ${name}, and "${killer}" tells`;
}

function tellsOf(mutant: Mutant): string {
  const told = killed.get(mutant)?.map(({ broken }) => breakableName(broken)) ?? [];
  return told.length === 0 ? "survived" : `${told.join(", ")}: ${mutant.killer}`;
}

/** How many mutants each invariant's checks have found out. */
function killsByInvariant(): ReadonlyMap<Invariant, number> {
  const kills = new Map<Invariant, number>();
  for (const { broken } of [...killed.values()].flat()) {
    if (typeof broken === "number") kills.set(broken, (kills.get(broken) ?? 0) + 1);
  }
  return kills;
}
