import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { FIGURES_FOLDER, SUITES } from "./record-figures.ts";
import { reliabilityReport, type WholeRun, type WrittenFigures } from "./reliability-report.ts";

/**
 * Writes the report from the figures that the suites of this run left. A run of some suites only, or one in which a suite
 * failed before its figures, leaves the report as it was.
 *
 * @returns what was done, in a sentence.
 */
export async function writeReport(file: string, run: WholeRun): Promise<string> {
  const found = existsSync(FIGURES_FOLDER) ? await readdir(FIGURES_FOLDER) : [];
  const figures = await Promise.all(
    found.map(async (name) => JSON.parse(await readFile(path.join(FIGURES_FOLDER, name), "utf8")) as WrittenFigures),
  );
  const missing = SUITES.filter((suite) => !figures.some((written) => written.suite === suite));
  if (missing.length > 0) return `${file} stays as it was: there are no figures of ${missing.join(", ")}`;
  await writeFile(file, reliabilityReport(figures, run));
  return `${file} is written`;
}
