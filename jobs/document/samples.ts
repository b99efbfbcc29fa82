import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

interface Sample {
  readonly name: string;
  readonly input: unknown;
}

type Row = Readonly<Record<string, string | number | null>>;

const datasets = path.join(path.dirname(createRequire(import.meta.url).resolve("vega-datasets")), "../data");

/** Reports on public data sets; each number in their text is computed from the data. */
export async function samples(): Promise<readonly Sample[]> {
  return await Promise.all([weatherReport(), carsReport(), stocksReport()]);
}

async function weatherReport(): Promise<Sample> {
  const days = parseCsv(await dataset("seattle-weather.csv"));
  const months = Array.from({ length: 12 }, (_, month) =>
    days.filter(({ date }) => Number(String(date).split("-")[1]) === month + 1),
  );
  const labels = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const rain = months.map((month) => round(mean(month, "precipitation"), 2));
  const wettest = labels[rain.indexOf(Math.max(...rain))];
  const rainyShare = days.filter(({ precipitation }) => Number(precipitation) > 0).length / days.length;
  return {
    name: "weather in Seattle",
    input: {
      title: "Weather in Seattle",
      markdown: [
        "## What the data shows",
        `Over **${days.length} days** it rained on *${round(rainyShare * 100, 0)} %* of them. The wettest month is **${wettest}**, with ${Math.max(...rain)} mm a day on average.`,
        "",
        "- Temperatures are daily highs and lows, in degrees Celsius.",
        "- Precipitation is the daily sum, in millimetres.",
        "",
        "> Source: NOAA, as distributed with `vega-datasets`.",
      ].join("\n"),
      chart: { kind: "bar", title: "Mean precipitation, mm a day", labels, series: [{ name: "Precipitation", values: rain }] },
      table: {
        columns: ["Month", "Mean high, °C", "Mean low, °C", "Mean wind, m/s", "Rainy days"],
        rows: months.map((month, index) => [
          labels[index] ?? "",
          round(mean(month, "temp_max"), 1),
          round(mean(month, "temp_min"), 1),
          round(mean(month, "wind"), 1),
          month.filter(({ precipitation }) => Number(precipitation) > 0).length,
        ]),
      },
    },
  };
}

async function carsReport(): Promise<Sample> {
  const cars = (JSON.parse(await dataset("cars.json")) as Row[]).filter(
    (car) => car.Miles_per_Gallon !== null && car.Horsepower !== null,
  );
  const origins = [...new Set(cars.map(({ Origin }) => String(Origin)))].sort();
  const years = [...new Set(cars.map(({ Year }) => String(Year).slice(0, 4)))].sort();
  const economy = (origin: string, year: string) =>
    round(
      mean(
        cars.filter((car) => car.Origin === origin && String(car.Year).startsWith(year)),
        "Miles_per_Gallon",
      ),
      1,
    );
  const thrifty = cars.toSorted((a, b) => Number(b.Miles_per_Gallon) - Number(a.Miles_per_Gallon)).slice(0, 120);
  return {
    name: "fuel economy of cars",
    input: {
      title: "Fuel economy of cars, 1970 to 1982",
      markdown: [
        `A look at **${cars.length} models** from ${origins.join(", ")}.`,
        "",
        "1. The chart shows the mean miles per gallon by model year.",
        `2. The table lists the ${thrifty.length} thriftiest models; *${thrifty[0]?.Name}* leads with ${thrifty[0]?.Miles_per_Gallon} miles per gallon.`,
      ].join("\n"),
      pageSize: "LETTER",
      chart: {
        kind: "line",
        title: "Mean miles per gallon",
        labels: years,
        series: origins.map((name) => ({ name, values: years.map((year) => economy(name, year)) })),
      },
      table: {
        columns: ["Model", "Origin", "Year", "Miles per gallon", "Horsepower", "Weight, lb"],
        rows: thrifty.map((car) => [
          String(car.Name),
          String(car.Origin),
          String(car.Year).slice(0, 4),
          Number(car.Miles_per_Gallon),
          Number(car.Horsepower),
          Number(car.Weight_in_lbs),
        ]),
      },
    },
  };
}

async function stocksReport(): Promise<Sample> {
  const prices = parseCsv(await dataset("stocks.csv"));
  const symbols = [...new Set(prices.map(({ symbol }) => String(symbol)))];
  const years = [...new Set(prices.map(({ date }) => String(date).split(" ").at(-1) ?? ""))].sort();
  const of = (symbol: string, year: string) => prices.filter((row) => row.symbol === symbol && String(row.date).endsWith(year));
  const traded = symbols.filter((symbol) => years.every((year) => of(symbol, year).length > 0));
  return {
    name: "share prices",
    input: {
      title: "Share prices by year",
      markdown: `Mean monthly closing prices of **${traded.length} companies** that were traded in every year from ${years[0]} to ${years.at(-1)}.\n\n---\n\nPrices are in US dollars.`,
      chart: {
        kind: "line",
        labels: years,
        series: traded.map((name) => ({ name, values: years.map((year) => round(mean(of(name, year), "price"), 2)) })),
      },
    },
  };
}

async function dataset(file: string): Promise<string> {
  return await readFile(path.join(datasets, file), "utf8");
}

/** These files quote nothing. */
function parseCsv(text: string): Row[] {
  const [header = "", ...lines] = text.trim().split(/\r?\n/);
  const names = header.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((cell, index) => [names[index] ?? "", cell])));
}

function mean(rows: readonly Row[], column: string): number {
  return rows.reduce((sum, row) => sum + Number(row[column]), 0) / rows.length;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
