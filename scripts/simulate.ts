import { findJobFolders } from "@autoscaling-job-queues/domain/find-job-folders";
import { type Column, tableLines } from "../cli/output/table.ts";
import { loadJobTypes } from "../modules/load-job-types.ts";
import { comparePattern } from "../scaling/simulator/compare.ts";
import { readArguments, type SimulateArguments, USAGE } from "./simulate/arguments.ts";
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

function compare({ patterns, scenario, container }: SimulateArguments): void {
  const results = patterns.map((pattern) => comparePattern(pattern, scenario));
  const rows = results.flatMap((result) => rowsOf(result, container));
  console.log(tableLines(COLUMNS, rows, WIDTH).join("\n"));
  console.log(`\n${tableLines(VERDICTS, verdictsOf(results), WIDTH).join("\n")}`);
}

try {
  const jobTypes = async () => await loadJobTypes(await findJobFolders(["jobs"]), { canary: "full" });
  const args = await readArguments(process.argv.slice(2), jobTypes);
  if (args.help) console.log(USAGE);
  else compare(args);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
