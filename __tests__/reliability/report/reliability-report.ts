import { INVARIANT_NUMBERS, INVARIANTS, type Invariant } from "../checker/invariants.ts";
import { otherTests } from "./other-tests.ts";
import { SUITES, type SuiteFigures } from "./record-figures.ts";

/** A suite's figures as they were written: counts by the invariant's number. */
export type WrittenFigures = Omit<SuiteFigures, "checks"> & { readonly checks: Readonly<Record<string, number>> };

/** How long the suites took together, and with how many cores. */
export interface WholeRun {
  readonly minutes: number;
  readonly cores: number;
}

const introduction = ({ minutes, cores }: WholeRun): string => `# Reliability

What must always hold, and the tests that hold it. \`npm run test:reliability\` runs them all and writes this file; the figures are
those of its last whole run, which took ${minutes.toFixed(1)} minutes on ${cores} cores. \`npm test\` runs a sample of each part.
`;

/** The report, as Markdown. */
export function reliabilityReport(written: readonly WrittenFigures[], run: WholeRun): string {
  const suites = SUITES.flatMap((name) => written.filter(({ suite }) => suite === name));
  return [introduction(run), invariantTable(suites), ...suites.map(suiteSection)].join("\n");
}

function invariantTable(suites: readonly WrittenFigures[]): string {
  const rows = INVARIANT_NUMBERS.map(
    (invariant) => `| ${invariant} | ${INVARIANTS[invariant]} | ${holders(invariant, suites).join("; ")} |`,
  );
  const head = "| | invariant | checked how often by which suite; other tests |\n|---|---|---|";
  return `## Invariants\n\n${head}\n${rows.join("\n")}\n`;
}

function holders(invariant: Invariant, suites: readonly WrittenFigures[]): string[] {
  const counted = suites.flatMap(({ suite, checks }) => {
    const count = checks[invariant] ?? 0;
    return count === 0 ? [] : [`${suite} ${count.toLocaleString("en")}`];
  });
  const others = otherTests(invariant).map((file) => `[${file.replace("__tests__/", "")}](../${file})`);
  return [...counted, ...others];
}

function suiteSection({ suite, summary, command, seed, figures }: WrittenFigures): string {
  const rows = Object.entries(figures).map(
    ([name, value]) => `| ${name} | ${typeof value === "number" ? value.toLocaleString("en") : value} |`,
  );
  const replay = seed === undefined ? "" : ` (seed ${seed})`;
  const title = `${suite.charAt(0).toUpperCase()}${suite.slice(1)}`;
  return `## ${title}\n\n${summary}\n\n\`${command}\`${replay}\n\n| | |\n|---|---|\n${rows.join("\n")}\n`;
}
