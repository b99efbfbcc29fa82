import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";

/**
 * Loads the settings of every job type: the default exports of `<root>/<type>/job-type.ts`, in order of their folders.
 *
 * @throws JobQueueError when a folder declares no job type.
 * @throws SettingsError when a job type's settings are wrong.
 */
export async function loadJobTypes(root: string): Promise<JobType[]> {
  const folders = (await readdir(root, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const files = folders.sort().map((folder) => path.join(root, folder, "job-type.ts"));
  return await Promise.all(files.filter((file) => existsSync(file)).map(loadJobType));
}

async function loadJobType(file: string): Promise<JobType> {
  const { default: jobType } = (await import(pathToFileURL(path.resolve(file)).href)) as { default?: JobType };
  if (jobType === undefined) {
    throw new JobQueueError("InvalidJobFolder", `${file} has no default export; export the result of defineJobType`);
  }
  return jobType;
}
