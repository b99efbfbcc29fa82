import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { testJob } from "@autoscaling-job-queues/worker/testing";
import { DuckDBInstance } from "@duckdb/node-api";
import etl from "../job.ts";

const database = DuckDBInstance.create();

/** A CSV that programs got wrong, in `cases/`. */
export function csvCase(name: string): string {
  return readFileSync(new URL(`./cases/${name}`, import.meta.url), "utf8");
}

/** Runs the job, and reads back what it stored. */
export async function runEtl(csv: string, settings: object = {}) {
  const { result, files } = await testJob(etl, { csv, ...settings });
  const content = (name: string): Uint8Array => files.get(name)?.bytes ?? new Uint8Array();
  const text = (name: string): string => new TextDecoder().decode(content(name));
  return {
    ...(result as { rows: number; rejectedRows: number; droppedDuplicates: number; lines: Record<string, number> }),
    ...(await readParquet(content("table.parquet"))),
    summary: JSON.parse(text("summary.json")),
    rejects: text("rejects.csv"),
  };
}

/** Names, DuckDB's types, and rows whose values are texts: another program reads the file than the one that wrote it. */
export async function readParquet(bytes: Uint8Array) {
  const folder = await mkdtemp(path.join(tmpdir(), "etl-test-"));
  const connection = await (await database).connect();
  try {
    const file = path.join(folder, "table.parquet");
    await writeFile(file, bytes);
    const typed = await connection.runAndReadAll(`FROM '${file}'`);
    const texts = await connection.runAndReadAll(`SELECT CAST(COLUMNS(*) AS VARCHAR) FROM '${file}'`);
    return { names: typed.columnNames(), types: typed.columnTypes().map(String), values: texts.getRowsJson() };
  } finally {
    connection.closeSync();
    await rm(folder, { recursive: true });
  }
}
