import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { INVARIANT_NUMBERS } from "../checker/invariants.ts";
import { otherTests } from "./other-tests.ts";
import { reliabilityReport, type WrittenFigures } from "./reliability-report.ts";

const figures = (parts: Partial<WrittenFigures>): WrittenFigures => ({
  suite: "schedules",
  summary: "Explores.",
  command: "npm run test:reliability -- schedules",
  figures: { "states visited": 12_345 },
  checks: {},
  ...parts,
});

const RUN = { minutes: 15.66, cores: 2 };

describe("the reliability report", () => {
  it("has each suite's figures, with the command and the seed that repeat them", () => {
    const report = reliabilityReport([figures({ seed: 7 })], RUN);
    expect(report).toContain("## Schedules\n\nExplores.\n\n`npm run test:reliability -- schedules` (seed 7)");
    expect(report).toContain("| states visited | 12,345 |");
  });

  it("tells how long the run took", () => {
    expect(reliabilityReport([], RUN)).toContain("took 15.7 minutes on 2 cores");
  });

  it("shows which suites checked an invariant, and how often", () => {
    const report = reliabilityReport(
      [figures({ suite: "soak", checks: { 13: 2 } }), figures({ checks: { 13: 1_000, 14: 0 } })],
      RUN,
    );
    expect(report).toMatch(/\| 13 \| Work is reachable: .* \| schedules 1,000; soak 2 \|/);
    expect(report).toMatch(/\| 14 \| Termination: .* \| {2}\|/);
  });

  it("shows of every invariant who holds it: a suite that checks histories, or tests of its own", () => {
    const ownTests = [24, 27, 28, 34] as const;
    for (const invariant of ownTests) expect(otherTests(invariant).length, String(invariant)).toBeGreaterThan(0);
    expect(reliabilityReport([], RUN)).toMatch(/\| 29 \| Never early: .*transitions\.test\.ts/);
  });

  it("names tests that are there", () => {
    expect(INVARIANT_NUMBERS.flatMap(otherTests).filter((file) => !existsSync(file))).toEqual([]);
  });
});
