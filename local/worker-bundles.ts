import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";

/** What a container of a job type runs. */
export interface WorkerBundle {
  /** The container's working directory. */
  readonly directory: string;
  /** The container's program. */
  readonly program: string;
}

/** The worker that `npm run build` made of a job type, in a folder such as `dist/workers`: what its container image holds. */
export function workerBundle(folder: string, jobType: string): WorkerBundle {
  const directory = path.resolve(folder, jobType);
  return { directory, program: path.join(directory, "worker.mjs") };
}

/**
 * The job types whose workers are in a folder such as `dist/workers`, by name.
 *
 * @param only names of job types. @default all
 * @throws JobQueueError "MissingBuild" when there is no build, or one that is asked for is missing.
 */
export async function builtJobTypes(folder: string, only?: readonly string[]): Promise<JobType[]> {
  const names = existsSync(folder) ? await readdir(folder) : [];
  const missing = (only ?? []).find((name) => !names.includes(name));
  if (names.length === 0 || missing !== undefined) {
    throw new JobQueueError("MissingBuild", `${path.join(folder, missing ?? "")} is missing; run npm run build`);
  }
  return await Promise.all((only ?? names).toSorted().map((name) => builtJobType(workerBundle(folder, name))));
}

/** The job type of one worker. @throws JobQueueError "MissingBuild" */
export async function builtJobType({ directory, program }: WorkerBundle): Promise<JobType> {
  const jobType = path.join(directory, "job-type.mjs");
  for (const file of [program, jobType]) {
    if (!existsSync(file)) throw new JobQueueError("MissingBuild", `${file} is missing; run npm run build`);
  }
  const module = (await import(pathToFileURL(jobType).href)) as { readonly default: JobType };
  return module.default;
}
