import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import type { Environment } from "../environments/environment.ts";

interface JobTypeModule {
  readonly default?: JobType;
  /** For a type that takes more or less by environment: the default export is what the type is in a container. */
  readonly jobTypeIn?: (environment: JobTypeEnvironment) => JobType;
}

/** What a job type may be told of the environment that it is deployed to. */
export type JobTypeEnvironment = Pick<Environment, "canary">;

/**
 * Loads the settings of every job type: the default exports of `<root>/<type>/job-type.ts`, in order of their folders, as they
 * are in an environment.
 *
 * @throws JobQueueError when a folder declares no job type.
 * @throws SettingsError when a job type's settings are wrong.
 */
export async function loadJobTypes(root: string, environment: JobTypeEnvironment): Promise<JobType[]> {
  const folders = (await readdir(root, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const files = folders.sort().map((folder) => path.join(root, folder, "job-type.ts"));
  return await Promise.all(files.filter((file) => existsSync(file)).map((file) => loadJobType(file, environment)));
}

async function loadJobType(file: string, environment: JobTypeEnvironment): Promise<JobType> {
  const { default: jobType, jobTypeIn } = (await import(pathToFileURL(path.resolve(file)).href)) as JobTypeModule;
  if (jobType === undefined) {
    throw new JobQueueError("InvalidJobFolder", `${file} has no default export; export the result of defineJobType`);
  }
  return jobTypeIn?.(environment) ?? jobType;
}
