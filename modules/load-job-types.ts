import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { JobQueueError, SettingsError } from "@autoscaling-job-queues/domain/errors";
import type { FoundJobFolder } from "@autoscaling-job-queues/domain/find-job-folders";
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
 * The folders of the job types that are deployed to an environment: of the examples those that its `jobTypes` names, and all others.
 *
 * @throws SettingsError when it names one that is not there.
 */
export function deployedFolders(
  folders: readonly FoundJobFolder[],
  { name, jobTypes }: Pick<Environment, "name" | "jobTypes">,
): readonly FoundJobFolder[] {
  if (jobTypes === "all") return folders;
  const examples = folders.filter(({ isExample }) => isExample).map((folder) => folder.name);
  const unknown = jobTypes.find((type) => !examples.includes(type));
  if (unknown !== undefined) {
    const allowed = `"all", or names of folders in the checkout's jobs, if JOBS_FOLDERS has it: ${examples.join(", ") || "there are none"}`;
    throw new SettingsError(`environment ${JSON.stringify(name)}: jobTypes`, unknown, allowed);
  }
  return folders.filter((folder) => !folder.isExample || jobTypes.includes(folder.name));
}

/**
 * Loads the settings of job types: the default exports of their folders' `job-type.ts`, in order of the folders, as they are in an
 * environment.
 *
 * @throws JobQueueError when a folder declares no job type.
 * @throws SettingsError when a job type's settings are wrong.
 */
export async function loadJobTypes(folders: readonly FoundJobFolder[], environment: JobTypeEnvironment): Promise<JobType[]> {
  return await Promise.all(folders.map((folder) => loadJobType(path.join(folder.path, "job-type.ts"), environment)));
}

async function loadJobType(file: string, environment: JobTypeEnvironment): Promise<JobType> {
  if (!existsSync(file)) throw new JobQueueError("InvalidJobFolder", `${file} is missing; each folder beside it is a job type`);
  const { default: jobType, jobTypeIn } = (await import(pathToFileURL(path.resolve(file)).href)) as JobTypeModule;
  if (jobType === undefined) {
    throw new JobQueueError("InvalidJobFolder", `${file} has no default export; export the result of defineJobType`);
  }
  return jobTypeIn?.(environment) ?? jobType;
}
