import path from "node:path";
import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import { buildWorker, withoutPackages } from "./build-workers.ts";
import { readJobFolder } from "./job-folders.ts";

/**
 * A program: builds the worker of one job type anew, while the platform runs. It is a process each time, as a process loads a
 * `job-type.ts` once. It prints one line of JSON: `{ "inputs": [...] }`, the files that the bundle is made of, or `{ "error": "..." }`.
 *
 * @example
 * ```sh
 * node scripts/rebuild-worker.ts jobs/report <folder of its last build> <folder of this one> [debug]
 * ```
 */
async function rebuildWorker([folder = "", runtime = "", outdir = "", mode]: readonly string[]): Promise<object> {
  try {
    const { inputs } = await buildWorker(await readJobFolder(folder), {
      ...{ runtime, outdir },
      ...{ isDebugged: mode === "debug", print: false },
    });
    return { inputs: withoutPackages(inputs) };
  } catch (error) {
    return { error: sentence(error as Error) };
  }
}

interface BuildMessage {
  readonly text: string;
  readonly location: { readonly file: string; readonly line: number; readonly column: number } | null;
}

/** The first of esbuild's errors, with its place; another error in its own words. */
function sentence(error: Error): string {
  const [first, ...others] = "errors" in error && Array.isArray(error.errors) ? (error.errors as BuildMessage[]) : [];
  if (first === undefined) return error instanceof JobQueueError ? error.message : String(error.stack ?? error);
  const { text, location } = first;
  const place = location === null ? "" : `${path.normalize(location.file)}:${location.line}:${location.column + 1}: `;
  return `${place}${text}${others.length === 0 ? "" : ` (and ${others.length} more)`}`;
}

console.log(JSON.stringify(await rebuildWorker(process.argv.slice(2))));
