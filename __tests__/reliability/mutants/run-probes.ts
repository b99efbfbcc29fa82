import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Breach } from "./breach.ts";
import type { Edit } from "./mutant.ts";
import { mutatedSource } from "./mutated-source.ts";

const CHILD = fileURLToPath(new URL("./probe-child.ts", import.meta.url));
/** Children load the same modules, but for the mutated ones, and types are stripped once. */
const COMPILE_CACHE = path.join(tmpdir(), "reliability-compile-cache");
const MAX_OUTPUT_BYTES = 64 * 1_048_576;

/**
 * Runs probes in a process of their own, whose product modules have these edits.
 *
 * @param timeoutMs after so long the child is ended.
 * @returns the breaches that each probe found.
 * @throws Error with the child's output, when it does not come to its end: a crash tells nothing of what broke.
 */
export async function runProbes(
  edits: readonly Edit[],
  probes: readonly string[],
  timeoutMs: number,
): Promise<readonly Breach[][]> {
  const sources: Record<string, string> = {};
  for (const [file, changes] of Map.groupBy(edits, (edit) => edit.file)) {
    sources[file] = mutatedSource(await readFile(file, "utf8"), changes);
  }
  const child = [CHILD, JSON.stringify(sources), JSON.stringify(probes)];
  const env = { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE };
  const { stdout } = await promisify(execFile)(process.execPath, child, { timeout: timeoutMs, maxBuffer: MAX_OUTPUT_BYTES, env });
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as Breach[][];
}
