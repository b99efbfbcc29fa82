import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";

/** What `npm run build` made of a job type: the contents of its container image. */
export interface WorkerBundle {
  readonly jobType: JobType;
  /** The container's working directory. */
  readonly directory: string;
  /** The container's program. */
  readonly program: string;
}

/**
 * The worker bundles in a folder such as `dist/workers`, by name.
 *
 * @param only names of job types. @default all
 * @throws JobQueueError "MissingBuild" when there is no build, or one that is asked for is missing.
 */
export async function workerBundles(folder: string, only?: readonly string[]): Promise<WorkerBundle[]> {
  const names = existsSync(folder) ? await readdir(folder) : [];
  const missing = (only ?? []).find((name) => !names.includes(name));
  if (names.length === 0 || missing !== undefined) {
    throw new JobQueueError("MissingBuild", `${path.join(folder, missing ?? "")} is missing; run npm run build`);
  }
  return await Promise.all((only ?? names).toSorted().map((name) => workerBundle(path.resolve(folder, name))));
}

async function workerBundle(directory: string): Promise<WorkerBundle> {
  const [program, jobType] = ["worker.mjs", "job-type.mjs"].map((file) => path.join(directory, file)) as [string, string];
  for (const file of [program, jobType]) {
    if (!existsSync(file)) throw new JobQueueError("MissingBuild", `${file} is missing; run npm run build`);
  }
  const module = (await import(pathToFileURL(jobType).href)) as { readonly default: JobType };
  return { jobType: module.default, directory, program };
}
