import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { findJobFolders } from "@autoscaling-job-queues/domain/find-job-folders";
import { type Column, tableLines } from "../cli/output/table.ts";
import { loadJobTypes } from "../modules/load-job-types.ts";
import { PATTERNS } from "../scaling/simulator/arrivals.ts";
import { comparePattern } from "../scaling/simulator/compare.ts";
import { proposeSettings } from "../scaling/simulator/propose-settings.ts";
import { readArguments, type SimulateArguments, USAGE } from "./simulate/arguments.ts";
import { simulationDocuments } from "./simulate/document.ts";
import { MOMENTS, plotOf } from "./simulate/plot.ts";
import { proposalText } from "./simulate/proposal-text.ts";
import { HEADS, type Row, rowsOf, type Verdict, verdictsOf } from "./simulate/rows.ts";

/**
 * `npm run simulate`: plays arrival patterns against this system's scaling and what people would use instead, and prints what jobs wait, what
 * tasks cost, and how far both are from an oracle. It reads no clock and calls nothing: the same arguments print the same.
 */

const COLUMNS: readonly Column<Row>[] = (Object.keys(HEADS) as (keyof Row)[]).map((key) => ({
  title: HEADS[key],
  cell: (row) => row[key],
  right: key !== "pattern" && key !== "policy",
}));

const VERDICTS: readonly Column<Verdict>[] = [
  { title: "held to", cell: ({ what }) => what },
  { title: "bar", cell: ({ bar }) => bar },
  { title: "measured", cell: ({ measured }) => measured, right: true },
  { title: "", cell: ({ met }) => (met ? "met" : "MISSED") },
];

const WIDTH = 200;

async function compare({ patterns, scenario, container, svg }: SimulateArguments): Promise<void> {
  const results = patterns.map((pattern) => comparePattern(pattern, scenario, svg === undefined ? 0 : pattern.until / MOMENTS));
  const rows = results.flatMap((result) => rowsOf(result, container));
  console.log(tableLines(COLUMNS, rows, WIDTH).join("\n"));
  console.log(`\n${tableLines(VERDICTS, verdictsOf(results), WIDTH).join("\n")}`);
  if (svg === undefined) return;
  await mkdir(svg, { recursive: true });
  for (const result of results)
    await writeFile(path.join(svg, `${path.basename(result.pattern.name)}.svg`), await plotOf(result));
}

/** Of patterns that nobody named, a day is what settings are for. */
const USUAL_PATTERN = "working-day";

function propose({ patterns, scenario, container, targetWait = 0 }: SimulateArguments): void {
  const chosen = patterns === PATTERNS ? PATTERNS.filter(({ name }) => name === USUAL_PATTERN) : patterns;
  const proposal = proposeSettings(chosen, scenario, targetWait);
  const { startSeconds } = scenario.world;
  console.log(
    proposalText(proposal, targetWait, { patterns: chosen.map(({ name }) => name).join(", "), startSeconds, container }),
  );
}

async function writeDocuments(args: SimulateArguments): Promise<void> {
  for (const [file, content] of Object.entries(await simulationDocuments(args))) await writeFile(file, content);
}

try {
  const jobTypes = async () => await loadJobTypes(await findJobFolders(), { canary: "full" });
  const args = await readArguments(process.argv.slice(2), jobTypes);
  if (args.help) console.log(USAGE);
  else if (args.docs) await writeDocuments(args);
  else if (args.targetWait !== undefined) propose(args);
  else await compare(args);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
