import { batch } from "./parts/batch.ts";
import { bundles } from "./parts/bundles.ts";
import { coldStart } from "./parts/cold-start.ts";
import { consoleList } from "./parts/console.ts";
import { local } from "./parts/local.ts";
import { loneJob } from "./parts/lone-job.ts";
import { memory } from "./parts/memory.ts";
import { ownerLists } from "./parts/owner-lists.ts";
import { synth } from "./parts/synth.ts";
import { threads } from "./parts/threads.ts";
import { worker } from "./parts/worker.ts";
import { type Part, Report } from "./report.ts";

/**
 * Every figure that the project promises of its own speed, each beside its baseline in the same run. Exits 1 when one misses its bound
 * (`bounds.ts`), 2 when a part is named that there is none of.
 *
 * @example
 * ```sh
 * npm run bench                      # all parts
 * npm run bench -- worker lone-job   # some
 * ```
 */
const PARTS: Readonly<Record<string, Part>> = {
  bundles,
  worker,
  "lone-job": loneJob,
  "cold-start": coldStart,
  threads,
  memory,
  batch,
  "owner-lists": ownerLists,
  console: consoleList,
  synth,
  local,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) {
  console.error(
    `bench has no part ${unknown.map((name) => `"${name}"`).join(", ")}; its parts: ${Object.keys(PARTS).join(", ")}`,
  );
  process.exit(2);
}

const report = new Report();
for (const [name, { title, measure }] of Object.entries(PARTS)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`\n${title} (${name})`);
  await measure(report);
}
for (const line of report.missed) console.error(`missed: ${line}`);
process.exitCode = report.missed.length > 0 ? 1 : 0;
