import { SettingsError } from "./errors.ts";

/**
 * Every variable that Terraform, or the local platform, gives a Lambda or a container. Endpoints are the SDK's own variables
 * (`AWS_ENDPOINT_URL`), and the name of a Lambda's metrics Powertools' (`POWERTOOLS_SERVICE_NAME`).
 */
const VARIABLES = {
  jobsTableName: { name: "JOBS_TABLE_NAME", allowed: "the name of the jobs table" },
  jobTypesTableName: { name: "JOB_TYPES_TABLE_NAME", allowed: "the name of the job-types table" },
  eventsTopicArn: { name: "JOB_EVENTS_TOPIC_ARN", allowed: "the ARN of the events topic" },
  resultsBucket: { name: "JOB_RESULTS_BUCKET", allowed: "the name of the results bucket" },
  jobType: { name: "JOB_TYPE", allowed: "the name of the job type that this worker runs" },
  protectionIdleSeconds: { name: "JOB_PROTECTION_IDLE_SECONDS", allowed: "a number of seconds, more than 0" },
  image: { name: "JOB_IMAGE", allowed: "the tag of the worker's image" },
  queueUrl: { name: "JOB_QUEUE_URL", allowed: "the URL of the job type's queue" },
  scheduleGroup: { name: "JOB_SCHEDULE_GROUP", allowed: "the name of the group of schedules" },
  scheduleTargetArn: { name: "JOB_SCHEDULE_TARGET_ARN", allowed: "the ARN of the Lambda that schedules invoke" },
  scheduleRoleArn: { name: "JOB_SCHEDULE_ROLE_ARN", allowed: "the ARN of the role that schedules invoke it with" },
  scheduleDeadLettersArn: { name: "JOB_SCHEDULE_DEAD_LETTERS_ARN", allowed: "the ARN of the dead-letter queue of schedules" },
  scheduleKeyArn: { name: "JOB_SCHEDULE_KMS_ARN", allowed: "the ARN of the key that encrypts schedules" },
  access: { name: "JOBS_ACCESS", allowed: "whose jobs a caller sees" },
  assumedRoleOwner: { name: "JOBS_ASSUMED_ROLE_OWNER", allowed: "who owns the jobs of an assumed role" },
  /** Names of what `deployment.ts` gives the containers, and so the commands of `process` jobs; with commas between them. */
  jobVariables: { name: "JOB_VARIABLES", allowed: "names of environment variables, with commas between them" },
  traceHeadersSecretArn: { name: "JOBS_TRACE_HEADERS_SECRET_ARN", allowed: "the ARN of the secret with the headers of exports" },
  canary: { name: "JOBS_CANARY", allowed: "what canary jobs may do" },
  /** Powertools' own: an environment has a namespace of its own, as two of one account must not count together. */
  metricsNamespace: { name: "POWERTOOLS_METRICS_NAMESPACE", allowed: "the CloudWatch namespace of the metrics" },
} as const;

export type Setting = keyof typeof VARIABLES;

/** What every Lambda is told. */
export const LAMBDA_SETTINGS = [
  ...(["jobsTableName", "jobTypesTableName", "eventsTopicArn", "resultsBucket"] as const),
  ...(["access", "assumedRoleOwner", "metricsNamespace"] as const),
] as const satisfies readonly Setting[];
export type LambdaVariables = Readonly<Record<(typeof LAMBDA_SETTINGS)[number], string>>;

/** What the Lambda that makes schedules is told beside; the one that deletes them is told the group. */
export const SCHEDULE_SETTINGS = [
  ...(["scheduleGroup", "scheduleTargetArn", "scheduleRoleArn", "scheduleDeadLettersArn", "scheduleKeyArn"] as const),
] as const satisfies readonly Setting[];
export type ScheduleVariables = Readonly<Record<(typeof SCHEDULE_SETTINGS)[number], string>>;

/** What every container is told. */
export const CONTAINER_SETTINGS = [
  ...(["jobsTableName", "jobTypesTableName", "eventsTopicArn", "resultsBucket", "jobType", "queueUrl"] as const),
  ...(["image", "canary", "metricsNamespace"] as const),
] as const satisfies readonly Setting[];
export type ContainerVariables = Readonly<Record<(typeof CONTAINER_SETTINGS)[number], string>>;

/** Settings that may be absent where a person starts a Lambda or a worker by hand, with all their values; the first is the default. */
export const CHOICES = {
  /** Whose jobs a caller sees: every job of the account, or the caller's own. */
  access: ["account", "owner"],
  /** Who a caller with an assumed role's credentials is: the role, or its session, whose name the assuming principal chooses. */
  assumedRoleOwner: ["role", "session"],
  /** What canary jobs may do: everything, or all but what brings a worker down on purpose. Terraform always says which. */
  canary: ["full", "safe"],
} as const satisfies Partial<Record<Setting, readonly [string, ...string[]]>>;
type Choices = typeof CHOICES;

/** The variables of these settings. */
export const CHOICE_VARIABLES: readonly string[] = Object.keys(CHOICES).map((choice) => VARIABLES[choice as keyof Choices].name);

export type Access = Choices["access"][number];
export type AssumedRoleOwner = Choices["assumedRoleOwner"][number];
export type Canary = Choices["canary"][number];

/** Says where a worker is alone: `container` as its image does, or the folder of a control group as the local platform does. */
export const ENCLOSURE = { variable: "JOB_ENCLOSURE", container: "container" } as const;

/** The environment variables of these settings. */
export function environmentVariables<Given extends Setting>(settings: Readonly<Record<Given, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries<string>(settings).map(([setting, value]) => [VARIABLES[setting as Given].name, value]),
  );
}

/** Tells a worker which of its variables its `deployment.ts` named: commands of `process` jobs get these. */
export function deploymentVariables(given: {
  readonly variables: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}): Record<string, string> {
  const names = [...Object.keys(given.variables), ...Object.keys(given.secrets)].sort();
  return names.length === 0 ? {} : environmentVariables({ jobVariables: names.join(",") });
}

/** The variables of this process that its job type's `deployment.ts` named. */
export function namedVariables(variables: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const names = (variables[VARIABLES.jobVariables.name] ?? "").split(",").filter((name) => variables[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, variables[name]]));
}

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

/** A setting that may be absent. */
export function readOptional(setting: Setting, variables: NodeJS.ProcessEnv = process.env): string | undefined {
  return variables[VARIABLES[setting].name] || undefined;
}

/**
 * Reads a setting that has few values.
 *
 * @throws SettingsError for any other value.
 */
export function readChoice<Chosen extends keyof Choices>(
  setting: Chosen,
  variables: NodeJS.ProcessEnv = process.env,
): Choices[Chosen][number] {
  const choices: readonly string[] = CHOICES[setting];
  const { name } = VARIABLES[setting];
  const value = variables[name] ?? choices[0];
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found as Choices[Chosen][number];
  throw new SettingsError(`environment variable ${name}`, value, choices.map((choice) => `"${choice}"`).join(" or "));
}

/** The tag of the image that this worker runs; undefined where it runs none, or nobody says. */
export function imageTag(variables: NodeJS.ProcessEnv = process.env): string | undefined {
  return readOptional("image", variables);
}

/**
 * How long a task without a job keeps its scale-in protection; undefined where nobody says. Where alarms run faster than on AWS, so does this.
 *
 * @throws SettingsError
 */
export function protectionIdleSeconds(variables: NodeJS.ProcessEnv = process.env): number | undefined {
  const text = readOptional("protectionIdleSeconds", variables);
  if (text === undefined || Number(text) > 0) return text === undefined ? undefined : Number(text);
  const { name, allowed } = VARIABLES.protectionIdleSeconds;
  throw new SettingsError(`environment variable ${name}`, text, allowed);
}

/** The CloudWatch namespace of this system's own metrics, of Lambdas and workers alike, where no environment gives another. */
export const METRICS_NAMESPACE = "AutoscalingJobQueues";

/** The namespace that this Lambda or container writes its metrics to. */
export function metricsNamespace(variables: NodeJS.ProcessEnv = process.env): string {
  return variables[VARIABLES.metricsNamespace.name] || METRICS_NAMESPACE;
}
