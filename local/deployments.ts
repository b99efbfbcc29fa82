import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { parseEnv } from "node:util";
import type { Deployment } from "@autoscaling-job-queues/domain/deployment-settings";
import { deploymentVariables } from "@autoscaling-job-queues/domain/environment";
import type { FoundJobFolder } from "@autoscaling-job-queues/domain/find-job-folders";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { loadDeployment } from "@autoscaling-job-queues/domain/load-deployment";
import { checkScheduleInputs } from "@autoscaling-job-queues/domain/schedule-rules";

/** This machine, as `deployment.ts` is told of it. */
const TARGET = { environment: "local", accountId: "000000000000", region: "us-east-1" } as const;
/** Values for this machine, which git ignores. */
const LOCAL_FILE = ".env.local";

/** What the deployments of job types say to this machine. */
export interface LocalDeployments {
  /** Environment variables of the workers, by job type. */
  readonly variables: ReadonlyMap<string, NodeJS.ProcessEnv>;
  /** Names of the types that take no more jobs. */
  readonly retired: ReadonlySet<string>;
  /** Schedules that add jobs, by job type. */
  readonly schedules: ReadonlyMap<string, Deployment["schedules"]>;
}

type Report = (line: string) => void;

/**
 * Reads `deployment.ts` and `.env.local` of each job type.
 *
 * @param folders of job types; one that is built and has none here reaches nothing.
 * @param report told in one sentence about each secret that has no value, and each value that has no name.
 * @throws SettingsError, or JobQueueError "InvalidDeployment", for the first file that is wrong.
 */
export async function localDeployments(
  folders: readonly FoundJobFolder[],
  jobTypes: readonly JobType[],
  report: Report,
): Promise<LocalDeployments> {
  const built = new Map(jobTypes.map((jobType) => [jobType.name, jobType]));
  const loaded = await Promise.all(
    folders
      .filter(({ name }) => built.has(name))
      .map(async ({ name, path: folder }) => {
        const deployment = await loadDeployment(folder, TARGET);
        await checkScheduleInputs(deployment, built.get(name) as JobType);
        return { name, deployment, variables: await workerVariables(folder, deployment, report) };
      }),
  );
  return {
    variables: new Map(loaded.map(({ name, variables }) => [name, variables])),
    schedules: new Map(loaded.map(({ name, deployment }) => [name, deployment.schedules])),
    retired: new Set(loaded.filter(({ deployment }) => deployment.retired).map(({ name }) => name)),
  };
}

/** Values are in `.env.local` of the folder, or else, of variables, in `deployment.ts`; a secret's can be nowhere else. */
async function workerVariables(
  folder: string,
  { variables, secrets }: Pick<Deployment, "variables" | "secrets">,
  report: Report,
): Promise<NodeJS.ProcessEnv> {
  const file = path.join(folder, LOCAL_FILE);
  const given = existsSync(file) ? parseEnv(await readFile(file, "utf8")) : {};
  const declared = { ...variables, ...secrets };
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(declared, name)) report(`${file}: ${name} is not passed on, as ${folder}/deployment.ts does not name it`);
  }
  for (const name of Object.keys(secrets)) {
    if (given[name] === undefined) report(`${path.basename(folder)}: the secret ${name} has no value here; add it to ${file}`);
  }
  const values = Object.entries({ ...variables, ...given }).filter(([name]) => Object.hasOwn(declared, name));
  return { ...deploymentVariables({ variables, secrets }), ...Object.fromEntries(values) };
}
