import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { JobQueueError } from "@autoscaling-job-queues/domain/errors";

/** The files of one run of the platform, which nothing but that run changes. */
export interface RunFolder {
  /** Copies of the bundles as they were at the start: `handlers/<lambda>`, `workers/<job type>`. */
  readonly bundles: string;
  readonly logs: string;
  /** Removes the copies. The logs stay until another run opens. */
  close(): Promise<void>;
}

export interface RunFolderSettings {
  /** Folder of all runs. It is in the checkout: a worker finds packages in `node_modules` of the folders above it. */
  readonly root: string;
  /** What `npm run build` made; a build may replace it while the run goes on. */
  readonly built: string;
  /** @default this process's ID, which names the folder */
  readonly pid?: number;
  /** Whether there is a process of this ID. */
  readonly isRunning?: (pid: number) => boolean;
}

const BUNDLES = ["handlers", "workers"] as const;

/**
 * Opens the folder of this run, and deletes those of runs that have ended.
 *
 * @throws JobQueueError "MissingBuild" when there is nothing to run.
 */
export async function openRunFolder(settings: RunFolderSettings): Promise<RunFolder> {
  const { root, built, pid = process.pid, isRunning = isRunningProcess } = settings;
  const missing = BUNDLES.map((name) => path.join(built, name)).find((folder) => !existsSync(folder));
  if (missing !== undefined) throw new JobQueueError("MissingBuild", `${missing} is missing; run npm run build`);
  await mkdir(root, { recursive: true });
  const pids = (await readdir(root)).filter((name) => /^\d+$/.test(name)).map(Number);
  // A folder of this process's own ID is of an earlier process that had it.
  const ended = pids.filter((known) => known === pid || !isRunning(known));
  await Promise.all(ended.map((known) => rm(path.join(root, String(known)), { recursive: true, force: true })));

  const folder = path.join(root, String(pid));
  const [bundles, logs] = [path.join(folder, "bundles"), path.join(folder, "logs")];
  await mkdir(logs, { recursive: true });
  await Promise.all(BUNDLES.map((name) => cp(path.join(built, name), path.join(bundles, name), { recursive: true })));
  await keepSources(path.join(bundles, "workers"), path.join(built, "workers"));
  return { bundles, logs, close: () => rm(bundles, { recursive: true, force: true }) };
}

/** Source maps name files by their way from the bundles that were built: without it, stacks would name files beside the copies. */
async function keepSources(copied: string, built: string): Promise<void> {
  const entries = await readdir(copied, { withFileTypes: true, recursive: true });
  const maps = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".mjs.map"));
  await Promise.all(
    maps.map(async ({ parentPath, name }) => {
      const file = path.join(parentPath, name);
      const folder = path.resolve(built, path.relative(copied, parentPath));
      const map = await readFile(file, "utf8");
      await writeFile(file, map.replace("{", `{"sourceRoot":${JSON.stringify(`${pathToFileURL(folder).href}/`)},`));
    }),
  );
}

function isRunningProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process may not be signalled, and runs.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
