import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import { jsonPointer } from "@autoscaling-job-queues/domain/json-pointer";
import { allSchemas, type JsonSchema, patternRegExp } from "@autoscaling-job-queues/domain/json-schema";

/** Patterns that were found safe, one empty file for each: a check takes up to seconds, and every build checks all. */
const KNOWN = "dist/safe-patterns";

/**
 * Counts of repetition up to which patterns are proved rather than tried, and times that only pathological ones take. They are
 * wall-clock times: a safe pattern whose check takes seconds must pass on a machine that does much else.
 */
const SETTINGS = { maxRepeatCount: 1_000, timeout: 300_000, attackTimeout: 240_000 } as const;

/** What is wrong with a pattern, in words that follow it; undefined for one whose time grows with the text alone. */
export type PatternFault = string | undefined;

/**
 * Checks that no pattern of a job type's schema can hold up the API: every caller's text is matched against it.
 *
 * @throws JobQueueError "VulnerablePattern" that names the job type, the place in the schema, the pattern, and a text that it
 * takes long for.
 */
export async function checkPatterns(jobType: string, schema: JsonSchema): Promise<void> {
  for (const { pattern, place } of patternsOf(schema)) {
    const fault = await schemaPatternFault(pattern);
    if (fault === undefined) continue;
    throw new JobQueueError(
      "VulnerablePattern",
      `job type ${JSON.stringify(jobType)}: input: the pattern ${pattern} at ${place} ${fault}; write it so that each text can be ` +
        "matched in one way only, or check the text in the handler or by refine(), which run in the worker",
    );
  }
}

/** Every pattern of a schema, with the JSON pointer to it. */
export function patternsOf(schema: JsonSchema): { readonly pattern: string; readonly place: string }[] {
  return allSchemas(schema).flatMap(({ schema: { pattern, patternProperties }, path: way }) => [
    ...(typeof pattern === "string" ? [{ pattern, place: jsonPointer([...way, "pattern"]) }] : []),
    ...Object.keys((patternProperties as object | undefined) ?? {}).map((name) => ({
      pattern: name,
      place: jsonPointer([...way, "patternProperties", name]),
    })),
  ]);
}

async function schemaPatternFault(pattern: string): Promise<PatternFault> {
  try {
    return await patternFault(patternRegExp(pattern));
  } catch (error) {
    if (error instanceof SyntaxError) return `is not a regular expression: ${error.message}`;
    throw error;
  }
}

/** What is wrong with a regular expression. */
export async function patternFault({ source, flags }: Pick<RegExp, "source" | "flags">): Promise<PatternFault> {
  const known = path.join(KNOWN, createHash("sha256").update(`${flags}/${source}`).digest("hex"));
  if (existsSync(known)) return undefined;
  const { default: recheck } = await import("recheck/lib/browser.js");
  // Flags that change where a match is told, and not what matches, are unknown to it.
  const found = recheck.checkSync(source, flags.replaceAll(/[dgy]/g, ""), SETTINGS);
  if (found.status === "vulnerable") {
    return `takes ${found.complexity.type} time, for such texts as ${found.attack.pattern}`;
  }
  if (found.status === "unknown") return `could not be shown to be safe (${found.error.kind})`;
  await mkdir(KNOWN, { recursive: true });
  await writeFile(known, "");
  return undefined;
}
