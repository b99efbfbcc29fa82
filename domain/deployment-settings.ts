import * as z from "zod";
import type { DeepReadonly } from "./deep-readonly.ts";
import type { DeploymentTarget, DescribeDeployment } from "./deployment.ts";
import { JobQueueError } from "./errors.ts";
import { scalingRanges } from "./job-type-settings.ts";
import { parseSettings, type SettingRule } from "./parse-settings.ts";
import { isScheduleExpression } from "./schedule-expression.ts";
import { SCHEDULE_NAME, scheduleRules } from "./schedule-rules.ts";
import { group, isNetwork, oneOf, textLike, whole } from "./setting-schemas.ts";
import { tags } from "./tags.ts";
import { isTimeZone } from "./time-zone.ts";
import { isFreeVariable, VARIABLE_RULE } from "./variable-names.ts";

/** Statements are named for what they are for; IAM's `Sid` has letters and digits only. */
const SID = /^[A-Za-z][A-Za-z0-9]{2,63}$/;
const ACTION = /^[a-z0-9-]+:[A-Za-z0-9]+$/;
/** IAM takes no pattern for the service. What `${...}` stands for is known to nobody before a call. */
const ARN = /^arn:aws[a-z-]*:[a-z0-9-]+(:[\w*-]*){2}:((?!\$\{)\S)+$/;
const LISTED = /^(pl|sg)-[0-9a-f]{8,17}$/;
const statement = group({
  actions: z
    .array(
      textLike(ACTION, "an action with its service, such as s3:GetObject, without wildcards").refine(
        (action) => !/^(iam|sts):/.test(action),
        "no action of iam or sts: a job changes no rights",
      ),
      "a list of actions",
    )
    .min(1, "at least one action"),
  resources: z
    .array(
      textLike(
        (text) => text === "*" || ARN.test(text),
        'the ARN of a resource, with its service and without variables of IAM, or "*"',
      ),
      "a list of ARNs",
    )
    .min(1, "at least one ARN"),
  /** As in IAM: operators, to keys, to values. */
  condition: z
    .record(z.string(), z.record(z.string(), z.union([z.string(), z.array(z.string())])), "conditions as IAM has them")
    .exactOptional(),
  /** What it is for: the statement's ID in the plan. Required where the resource is "*". */
  reason: textLike(SID, "3 to 64 letters and digits, the statement's ID, such as ListTheDaysOrders").exactOptional(),
});

const egress = group({
  port: whole(1, 65_535, "a TCP port"),
  to: textLike(
    (text) => LISTED.test(text) || isNetwork(text),
    "a network by its first address, such as 10.0.0.0/16, a prefix list (pl-...) or a security group (sg-...)",
  ),
  description: textLike(
    /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,255}$/,
    "1 to 255 letters, digits, spaces and . _ - : / ( ) # , @ [ ] + = & ; { } ! $ * (EC2: security group rules)",
  ),
});

const timezone = textLike(isTimeZone, "the name of a time zone, such as Europe/Berlin").default("UTC");

const warm = group({
  from: textLike(isScheduleExpression, "when it begins, as AWS has schedules, such as cron(0 7 ? * MON-FRI *)"),
  to: textLike(isScheduleExpression, "when it ends, as AWS has schedules, such as cron(0 19 ? * MON-FRI *)"),
  timezone,
  minTasks: whole(1, 5_000, "ECS: 5,000 tasks per service"),
});

const schedule = group({
  name: textLike(SCHEDULE_NAME.test, SCHEDULE_NAME.rule),
  expression: z.string("when, such as cron(0 2 * * ? *), rate(15 minutes) or at(2026-12-24T18:00:00)"),
  timezone,
  /** Of each job. Checked against the schema of the type where that is known. */
  input: z.unknown().optional(),
  enabled: oneOf([true, false]).default(true),
  /** Each job is added at some time within so many minutes. @default at the time itself */
  flexibleMinutes: whole(1, 1_440, "EventBridge Scheduler: flexible time windows").exactOptional(),
  /** Adds no job while the last one that it added has not ended. */
  skipWhileRunning: oneOf([true, false]).default(false),
});

/** Everything that `deployment.ts` may say, with its default, where it has one, and its bounds. */
export const deploymentSchema = group({
  /** What the workers may do, beside their own work. */
  access: z.array(statement, "a list of statements").default([]),
  /** By variable: ARNs of Secrets Manager's secrets or of SSM's parameters, which ECS reads when it starts a task. */
  secrets: z
    .record(
      variableName(),
      textLike(
        (text) => isSecret(text) || isParameter(text),
        "the whole ARN of a secret (with its six characters) or of an SSM parameter",
      ),
      "ARNs by their variables",
    )
    .default({}),
  variables: z
    .record(variableName(), z.string("a text").max(4_096, "at most 4,096 characters"), "texts by their variables")
    .default({}),
  container: group({
    /** Of scratch space. @default Fargate's own 20 */
    ephemeralStorageGiB: whole(21, 200, "Fargate ephemeral storage; 20 GiB come without it").exactOptional(),
    /** The image that the worker's is built on: Debian's C library, and Node. @default that of worker/Dockerfile */
    baseImage: textLike(
      /^[a-z0-9][^\s@:]*(:\d+\/[^\s@:]+)?(?=[:@])(:[\w.-]+)?(@sha256:[0-9a-f]{64})?$/,
      "the name of an image with its tag or digest, such as registry.example.com/node-python:24",
    ).exactOptional(),
  }).prefault({}),
  network: group({
    /** Beside the platform's own. */
    securityGroupIds: z
      .array(textLike(/^sg-[0-9a-f]{8,17}$/, "the ID of a security group"), "a list of security groups")
      .max(3, "at most 3: a task has 5, of which the platform's and the one of egress are two (VPC quotas)")
      .default([]),
    /** Where tasks may connect to, beside HTTPS to anywhere. */
    egress: z
      .array(egress, "a list of destinations")
      .max(60, "at most 60 (VPC quotas: rules per security group)")
      .refine((all) => new Set(all.map(({ port, to }) => `${port} ${to}`)).size === all.length, "each port of a destination once")
      .default([]),
  }).prefault({}),
  /** In place of the job type's own. */
  scaling: group({
    scaleOutDepth: scalingRanges.scaleOutDepth.exactOptional(),
    maxTasks: scalingRanges.maxTasks.exactOptional(),
    backlogPerTask: scalingRanges.backlogPerTask.exactOptional(),
    idleMinutes: scalingRanges.idleMinutes.exactOptional(),
    /** Tasks that always run. */
    minTasks: whole(0, 5_000, "ECS: 5,000 tasks per service").default(0),
    /** Hours in which more tasks always run. */
    warm: z.array(warm, "a list of windows").max(20, "at most 20").default([]),
  }).prefault({}),
  /** Jobs that are added by themselves. */
  schedules: z.array(schedule, "a list of schedules").max(50, "at most 50").default([]),
  /** On every resource of the type, beside those of the environment. */
  tags: tags.default({}),
  /** Whether the environment has the type. One that is deployed there is retired and destroyed first. */
  deployed: oneOf([true, false]).default(true),
  /** Whether the type takes no more jobs: its resources lose their protection, so that its stack can be destroyed. */
  retired: oneOf([true, false]).default(false),
});

/** What an author states. */
export type DeploymentSettings = DeepReadonly<z.input<typeof deploymentSchema>>;
type CheckedSettings = DeepReadonly<z.output<typeof deploymentSchema>>;
/** What a job type reaches in an environment, complete and checked. */
export interface Deployment extends CheckedSettings {
  /** Where it is stated, as messages name it. */
  readonly file: string;
}

/** That of a type without `deployment.ts`. */
export const NO_DEPLOYMENT: Deployment = { file: "deployment.ts", ...deploymentSchema.parse({}) };

/**
 * What a job type reaches in an environment.
 *
 * @param file named in messages, such as `jobs/etl/deployment.ts`.
 * @throws SettingsError for the first setting that is wrong; JobQueueError "InvalidDeployment" when the function throws.
 */
export function deploymentIn(file: string, describe: DescribeDeployment, target: DeploymentTarget): Deployment {
  let settings: DeploymentSettings;
  try {
    settings = describe(target);
  } catch (error) {
    throw new JobQueueError(
      "InvalidDeployment",
      `${file} fails for environment ${target.environment}: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
  return { file, ...parseSettings(file, deploymentSchema, settings, rules) };
}

/** Settings that must go together, each right by itself. */
function rules({ secrets, variables, access, scaling, schedules }: CheckedSettings): readonly SettingRule[] {
  const twice = Object.keys(secrets).find((name) => Object.hasOwn(variables, name));
  const unnamed = access.findIndex(({ resources, reason }) => resources.includes("*") && reason === undefined);
  return [
    {
      setting: `secrets.${twice}`,
      given: "a variable too",
      holds: twice === undefined,
      allowed: "one of secrets and variables",
    },
    {
      setting: `access.${unnamed}.reason`,
      given: undefined,
      holds: unnamed === -1,
      allowed: 'a reason where the resource is "*", in letters and digits, such as ListTheDaysOrders',
    },
    {
      setting: "scaling.warm",
      given: scaling.warm.map(({ minTasks }) => minTasks),
      holds: scaling.warm.every(({ minTasks }) => minTasks > scaling.minTasks),
      allowed: `windows with more tasks than scaling.minTasks, which is ${scaling.minTasks}`,
    },
    ...scheduleRules(schedules),
  ];
}

/** A secret's name ends with six characters of its own; ECS takes a JSON key, a stage and a version after it. */
function isSecret(arn: string): boolean {
  const [account, kind, name = "", ...part] = resourceOf(arn, "secretsmanager");
  const isWhole = kind === "secret" && /^[\w/+=.@-]+$/.test(name) && /-[A-Za-z0-9]{6}$/.test(name);
  return isWhole && isAccount(account) && (part.length === 0 || part.length === 3);
}

function isParameter(arn: string): boolean {
  const [account, name = "", ...more] = resourceOf(arn, "ssm");
  return isAccount(account) && /^parameter\/[\w./-]+$/.test(name) && more.length === 0;
}

/** The parts of a service's ARN from the account on; none of another service's, or where a blank is in it. */
function resourceOf(arn: string, service: string): readonly string[] {
  const [prefix, partition = "", named, region = "", ...rest] = arn.split(":");
  const isOfService = prefix === "arn" && partition.startsWith("aws") && named === service && /^[a-z0-9-]+$/.test(region);
  return isOfService && !/\s/.test(arn) ? rest : [];
}

function isAccount(account: string | undefined): boolean {
  return /^\d{12}$/.test(account ?? "");
}

function variableName() {
  return textLike(isFreeVariable, VARIABLE_RULE);
}
