import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { FIGURES_FOLDER } from "./record-figures.ts";
import { writeReport } from "./write-report.ts";

let startedAt: number;

/** Before the suites: no figures of an earlier run. */
export async function setup(): Promise<void> {
  startedAt = performance.now();
  await rm(FIGURES_FOLDER, { recursive: true, force: true });
}

/** After them: the report on this run. */
export async function teardown(): Promise<void> {
  const minutes = (performance.now() - startedAt) / 60_000;
  console.log(await writeReport("docs/reliability.md", { minutes, cores: availableParallelism() }));
}
