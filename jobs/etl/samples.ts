import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

/** The data folder of vega-datasets: its exports name no file in it, so it is found from the package's entry. */
const DATASETS = path.join(path.dirname(createRequire(import.meta.url).resolve("vega-datasets")), "../data");

const TABLES = [
  { name: "four years of weather in Seattle", file: "seattle-weather" },
  { name: "airports of the United States", file: "airports" },
  { name: "collisions of aircraft with birds", file: "birdstrikes" },
  { name: "income and health by country", file: "gapminder-health-income", settings: { columns: { income: "number" } } },
  { name: "employment in the United States", file: "us-employment", settings: { columns: { month: "date" } } },
  { name: "prices of five stocks", file: "stocks" },
];

/** Inputs that the demo submits: real tables of vega-datasets. */
export async function samples(): Promise<readonly { readonly name: string; readonly input: unknown }[]> {
  return await Promise.all(
    TABLES.map(async ({ name, file, settings }) => ({
      name,
      input: { csv: await readFile(path.join(DATASETS, `${file}.csv`), "utf8"), name: file, ...settings },
    })),
  );
}
