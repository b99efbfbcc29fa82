import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

/** The data folder of vega-datasets: its exports name no file in it, so it is found from the package's entry. */
const DATASETS = path.join(path.dirname(createRequire(import.meta.url).resolve("vega-datasets")), "../data");

async function csv(file: string): Promise<string> {
  return await readFile(path.join(DATASETS, file), "utf8");
}

/** Inputs that the demo submits: real tables of vega-datasets. */
export async function samples(): Promise<readonly { name: string; input: unknown }[]> {
  return [
    { name: "four years of weather in Seattle", input: { csv: await csv("seattle-weather.csv"), name: "seattle-weather" } },
    { name: "airports of the United States", input: { csv: await csv("airports.csv"), name: "airports" } },
    {
      name: "collisions of aircraft with birds",
      input: { csv: await csv("birdstrikes.csv"), name: "birdstrikes" },
    },
    {
      name: "income and health by country",
      input: { csv: await csv("gapminder-health-income.csv"), columns: { income: "number" }, name: "health-income" },
    },
    {
      name: "employment in the United States",
      input: { csv: await csv("us-employment.csv"), columns: { month: "date" }, name: "us-employment" },
    },
    { name: "prices of five stocks", input: { csv: await csv("stocks.csv"), name: "stocks" } },
  ];
}
