import { SettingsError } from "./errors.ts";

/** What Terraform (or the local platform) tells a Lambda or a container; endpoints are the SDK's own variables. */
const VARIABLES = {
  jobsTableName: { name: "JOBS_TABLE_NAME", allowed: "the name of the jobs table" },
  jobTypesTableName: { name: "JOB_TYPES_TABLE_NAME", allowed: "the name of the job-types table" },
  eventsTopicArn: { name: "JOB_EVENTS_TOPIC_ARN", allowed: "the ARN of the events topic" },
  resultsBucket: { name: "JOB_RESULTS_BUCKET", allowed: "the name of the results bucket" },
  jobType: { name: "JOB_TYPE", allowed: "the name of the job type that this worker runs" },
  queueUrl: { name: "JOB_QUEUE_URL", allowed: "the URL of the job type's queue" },
} as const;

/** Says where a worker is alone: `container` as its image does, or the folder of a control group as the local platform does. */
export const ENCLOSURE = { variable: "JOB_ENCLOSURE", container: "container" } as const;

export type Setting = keyof typeof VARIABLES;

/**
 * Reads settings from environment variables.
 *
 * @throws SettingsError that names the variable, when one is missing or empty.
 */
export function readEnvironment<Needed extends Setting>(
  needed: readonly Needed[],
  variables: NodeJS.ProcessEnv = process.env,
): Readonly<Record<Needed, string>> {
  const settings = needed.map((setting) => {
    const { name, allowed } = VARIABLES[setting];
    const value = variables[name];
    if (!value) throw new SettingsError(`environment variable ${name}`, value, allowed);
    return [setting, value];
  });
  return Object.fromEntries(settings);
}
