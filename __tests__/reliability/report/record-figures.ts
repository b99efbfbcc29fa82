import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { CheckCounts } from "../checker/verdict.ts";

/** What each suite of the proof does, in the order of the report. */
export const SUITES = [
  "schedules",
  "schedules of two disturbances",
  "faults",
  "properties",
  "real processes",
  "hostile input",
  "overload",
  "soak",
  "mutants",
] as const;

export type Suite = (typeof SUITES)[number];

/** What one suite of the proof measured in this run. */
export interface SuiteFigures {
  readonly suite: Suite;
  /** What it does, in one or two sentences. */
  readonly summary: string;
  /** The command that runs it alone. */
  readonly command: string;
  /** The seed of what is random in it. */
  readonly seed?: number;
  /** What was counted or measured, in the order of the report: "cases run" to "1,204". */
  readonly figures: Readonly<Record<string, string | number>>;
  /** How often each invariant was checked. */
  readonly checks: CheckCounts;
}

/** Where suites leave their figures for the report. */
export const FIGURES_FOLDER = ".reliability";

/** Leaves a suite's figures for `docs/reliability.md`, and prints them. */
export function recordFigures(figures: SuiteFigures): void {
  mkdirSync(FIGURES_FOLDER, { recursive: true });
  const file = path.join(FIGURES_FOLDER, `${figures.suite.replaceAll(" ", "-")}.json`);
  writeFileSync(file, `${JSON.stringify({ ...figures, checks: Object.fromEntries(figures.checks) }, null, 2)}\n`);
  const lines = Object.entries(figures.figures).map(([name, value]) => `  ${name}: ${value}`);
  console.log(`${figures.suite}\n${lines.join("\n")}`);
}
