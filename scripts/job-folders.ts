import { existsSync } from "node:fs";
import { readFile, realpath } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import { findJobFolders, jobsFolders } from "@autoscaling-job-queues/domain/find-job-folders";
import { registeredSchema } from "@autoscaling-job-queues/domain/input-schema";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { checkPatterns } from "./safe-patterns.ts";

/** A job type's folder, with what it declares. */
export interface JobFolder {
  readonly path: string;
  /** The folder of the package-lock.json, and of the node_modules, that hold its packages: its own, or the next one above. */
  readonly project: string;
  readonly jobType: JobType;
  /** The handler's file; a `process` job has none. */
  readonly handler: string | undefined;
  /** Programs of a `process` job. */
  readonly bin: string | undefined;
  /** Packages that stay outside of the bundle. */
  readonly dependencies: readonly string[];
}

/** A sentence about a job type's folder. */
type Fail = (message: string) => never;

/**
 * Reads the job types: every folder in these, by name.
 *
 * @param roots by default those that `JOBS_FOLDERS` names.
 * @throws JobQueueError when something of a folder is missing or cannot be read, when a folder and its type differ in name, or
 * when what is there cannot run.
 * @throws SettingsError when a job type's settings are wrong, or the API could not check inputs against its schema.
 * @throws JobQueueError "VulnerablePattern" when a pattern of its schema could hold up the API.
 */
export async function jobFolders(roots: readonly string[] = jobsFolders()): Promise<JobFolder[]> {
  return await Promise.all((await findJobFolders(roots)).map((found) => readJobFolder(found.path)));
}

/** Reads one folder. @throws what `jobFolders` does. */
export async function readJobFolder(folder: string): Promise<JobFolder> {
  const fail: Fail = (message) => {
    throw new JobQueueError("InvalidJobFolder", `${folder}: ${message}`);
  };
  const file = (name: string): string | undefined => {
    const found = path.join(folder, name);
    return existsSync(found) ? found : undefined;
  };
  const settings =
    file("job-type.ts") ?? fail("job-type.ts is missing; write it, or remove the folder: each folder here is a job type");
  const packageFile = file("package.json") ?? fail("package.json is missing; it lists the packages that the job imports");
  // Before job-type.ts, which cannot be loaded beside a package.json that is wrong.
  const dependencies = await readDependencies(packageFile, fail);
  const jobType = await readJobType(settings, fail);
  if (jobType.name !== path.basename(folder)) fail(`the folder must be named as the job type, ${jobType.name}`);
  await checkPatterns(jobType.name, registeredSchema(jobType));
  const [handler, bin] = [file("job.ts"), file("bin")];
  if (jobType.isolation === "process") {
    if (handler !== undefined) fail("a process job runs its command; remove job.ts");
    if (bin === undefined) fail("bin/ is missing; a process job runs its command in it, so put its programs there");
  } else if (handler === undefined) {
    fail("job.ts is missing");
  }
  const project = await findAbove(folder, "package-lock.json");
  if (project === undefined) fail("there is no package-lock.json here or in a folder above; run npm install");
  return { path: folder, project, jobType, handler, bin, dependencies };
}

/** The folder, or the next one above it, that has this entry: where Node and npm would look. Links are followed first. */
export async function findAbove(folder: string, entry: string): Promise<string | undefined> {
  let above = await realpath(folder);
  while (!existsSync(path.join(above, entry))) {
    const parent = path.dirname(above);
    if (parent === above) return undefined;
    above = parent;
  }
  return above;
}

async function readJobType(file: string, fail: Fail): Promise<JobType> {
  const { default: jobType } = await loadJobType(file, fail);
  return jobType ?? fail("job-type.ts has no default export; export the result of defineJobType");
}

async function loadJobType(file: string, fail: Fail): Promise<{ readonly default?: JobType }> {
  try {
    return await import(pathToFileURL(path.resolve(file)).href);
  } catch (error) {
    // A setting that is wrong: the message names the job type already.
    if (error instanceof JobQueueError) throw error;
    const { message, stack = "" } = error as Error;
    const [where] = /job-type\.ts:\d+/.exec(stack) ?? ["job-type.ts"];
    return fail(`${where} cannot be loaded: ${message}`);
  }
}

async function readDependencies(file: string, fail: Fail): Promise<string[]> {
  try {
    const { dependencies = {} } = JSON.parse(await readFile(file, "utf8")) as { dependencies?: Record<string, string> };
    return Object.keys(dependencies);
  } catch (error) {
    return fail(`package.json cannot be read: ${(error as Error).message}`);
  }
}
