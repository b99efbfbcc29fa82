import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export interface Rebuild {
  /** Of the job type. */
  readonly folder: string;
  /** Of its last build, which has the worker itself. */
  readonly runtime: string;
  /** For this build. */
  readonly outdir: string;
  /** Whether it is built for a debugger. */
  readonly isDebugged: boolean;
}

/** What was built of which files, or why it was not; `warning` is what the build says beside. */
export type Rebuilt =
  | { readonly inputs: readonly string[]; readonly warning: string; readonly error?: never }
  | { readonly error: string };

/** As `npm run build`, which comes before, for one job type: a program of its own, since what runs here knows bundles only as files. */
const PROGRAM = fileURLToPath(new URL("../../scripts/rebuild-worker.ts", import.meta.url));

/** Builds the worker of a job type anew. Never rejects: what was wrong is one line. */
export async function rebuildWorker({ folder, runtime, outdir, isDebugged }: Rebuild, signal?: AbortSignal): Promise<Rebuilt> {
  try {
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      [PROGRAM, folder, runtime, outdir, ...(isDebugged ? ["debug"] : [])],
      signal === undefined ? {} : { signal },
    );
    return { warning: oneLine(stderr), ...(JSON.parse(stdout) as { readonly inputs: readonly string[] }) };
  } catch (error) {
    return { error: oneLine((error as Error).message) };
  }
}

function oneLine(text: string): string {
  return text.trim().split("\n", 1)[0] ?? "";
}
