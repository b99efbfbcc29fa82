import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";

/** A folder of `jobs/`, with what it declares. */
export interface JobFolder {
  readonly path: string;
  readonly jobType: JobType;
  /** The handler's file; a `process` job has none. */
  readonly handler: string | undefined;
  /** Programs of a `process` job. */
  readonly bin: string | undefined;
  /** Packages that stay outside of the bundle. */
  readonly dependencies: readonly string[];
}

/**
 * Finds the job types: every folder of `jobs/` with a `job-type.ts`, by name.
 *
 * @throws JobQueueError when a folder and its type differ in name, a handler is missing, or one is there that cannot run.
 */
export async function jobFolders(root = "jobs"): Promise<JobFolder[]> {
  const names = (await readdir(root, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const folders = names.sort().map((name) => path.join(root, name));
  return await Promise.all(folders.filter((folder) => existsSync(path.join(folder, "job-type.ts"))).map(readJobFolder));
}

async function readJobFolder(folder: string): Promise<JobFolder> {
  const fail = (message: string): never => {
    throw new JobQueueError("InvalidJobFolder", `${folder}: ${message}`);
  };
  const { default: jobType } = (await import(pathToFileURL(path.resolve(folder, "job-type.ts")).href)) as { default?: JobType };
  if (jobType === undefined) return fail("job-type.ts has no default export; export the result of defineJobType");
  if (jobType.name !== path.basename(folder)) fail(`the folder must be named as the job type, ${jobType.name}`);
  const handler = path.join(folder, "job.ts");
  if (existsSync(handler) === (jobType.isolation === "process")) {
    fail(jobType.isolation === "process" ? "a process job runs its command; remove job.ts" : "job.ts is missing");
  }
  const bin = path.join(folder, "bin");
  const { dependencies = {} } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8")) as {
    dependencies?: Record<string, string>;
  };
  return {
    path: folder,
    jobType,
    handler: jobType.isolation === "process" ? undefined : handler,
    bin: existsSync(bin) ? bin : undefined,
    dependencies: Object.keys(dependencies),
  };
}
