import { readFile } from "node:fs/promises";
import { testJob } from "@autoscaling-job-queues/worker/testing";
import job from "../job.ts";
import { linesOf, type PlacedText, readPdf } from "./read-pdf.ts";

export interface TestedDocument {
  readonly bytes: Uint8Array;
  readonly pages: PlacedText[][];
  /** Of all pages, their feet included. */
  readonly lines: string[];
  readonly text: string;
  readonly missingGlyphs: readonly string[] | undefined;
}

/** Runs the job and reads what it made: for tests. */
export async function testDocument(input: object): Promise<TestedDocument> {
  const { files, result } = await testJob(job, { title: "Test", markdown: "", ...input });
  const bytes = files.get("document.pdf")?.bytes ?? new Uint8Array();
  const pages = await readPdf(bytes);
  const lines = pages.flatMap(linesOf);
  const { missingGlyphs } = result as { readonly missingGlyphs?: readonly string[] };
  return { bytes, pages, lines, text: lines.join("\n"), missingGlyphs };
}

/** An input that was once rendered wrong: `cases/<name>.json`. */
export async function testCase(name: string): Promise<TestedDocument> {
  return await testDocument(JSON.parse(await readFile(new URL(`../cases/${name}.json`, import.meta.url), "utf8")));
}
