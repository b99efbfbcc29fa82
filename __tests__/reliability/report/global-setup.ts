import { rm } from "node:fs/promises";
import { FIGURES_FOLDER } from "./record-figures.ts";
import { writeReport } from "./write-report.ts";

/** Before the suites: no figures of an earlier run. */
export async function setup(): Promise<void> {
  await rm(FIGURES_FOLDER, { recursive: true, force: true });
}

/** After them: the report on this run. */
export async function teardown(): Promise<void> {
  console.log(await writeReport("docs/reliability.md"));
}
