import { CHOICES } from "@autoscaling-job-queues/domain/environment";
import { SettingsError } from "@autoscaling-job-queues/domain/errors";
import { LAMBDAS } from "@autoscaling-job-queues/domain/routes";
import type { Environment } from "../modules/environment.ts";
import { type Check, isOneOf, isText, isWhole, matches } from "./checks.ts";
import { unknownEnvironmentSetting } from "./known-settings.ts";
import { alarmChecks } from "./validate-alarms.ts";
import { backendChecks, networkChecks } from "./validate-surroundings.ts";

/** Settings that are objects. */
const GROUPS: readonly (keyof Environment)[] = [
  "backend",
  "network",
  "authorization",
  "throttling",
  "tags",
  "alarms",
  "protection",
  "roles",
  "lambda",
  "fargate",
  "terraform",
];

/** Periods that CloudWatch Logs offers (API reference: PutRetentionPolicy). */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1_096, 1_827, 2_192, 2_557, 2_922, 3_288, 3_653,
];
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;
const ROLE_PATH = /^\/([\w+=,.@-]+\/)*$/;
const POLICY_ARN = /^arn:aws[\w-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/;
/**
 * A bucket's name may not begin with `sthree-` or `amzn-s3-demo-` (S3: bucket naming rules), nor a security group's with `sg-`
 * (EC2: CreateSecurityGroup); in both, a hyphen follows the prefix. S3's `xn--` has two hyphens, which no prefix has.
 */
const RESERVED_PREFIX = /^(sthree|amzn-s3-demo|sg)(-|$)/;
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u;
const VERSION_RANGE = /^\s*(=|!=|>=?|<=?|~>)?\s*\d+(\.\d+){0,2}(\s*,\s*(=|!=|>=?|<=?|~>)?\s*\d+(\.\d+){0,2})*\s*$/;

/**
 * Checks every setting of an environment, that there are no others, and that they do not contradict each other.
 *
 * @throws SettingsError for the first setting that is wrong.
 */
export function validateEnvironment(environment: Environment): void {
  const wrong =
    unknownEnvironmentSetting(environment) ?? missingGroup(environment) ?? settingChecks(environment).find(({ valid }) => !valid);
  if (wrong === undefined) return;
  throw new SettingsError(`environment ${JSON.stringify(environment.name)}: ${wrong.setting}`, wrong.given, wrong.allowed);
}

/** The rules of a group can be asked only where there is one. */
function missingGroup(environment: Environment): Check | undefined {
  const setting = GROUPS.find((name) => typeof environment[name] !== "object" || environment[name] === null);
  if (setting === undefined) return undefined;
  return { setting, given: environment[setting], valid: false, allowed: "an object; modules/environment.ts describes it" };
}

function settingChecks(environment: Environment): Check[] {
  return [
    ...identityChecks(environment),
    ...apiChecks(environment),
    ...alarmChecks(environment.alarms),
    ...roleChecks(environment),
    ...computeChecks(environment),
    ...terraformChecks(environment),
    ...backendChecks(environment.backend),
    ...networkChecks(environment),
    ...contradictions(environment),
  ];
}

function identityChecks({ name, accountId, region, namePrefix, tags, logRetentionDays }: Environment): Check[] {
  return [
    matches("name", name, /^[a-z][a-z0-9-]{0,15}$/, "1 to 16 lower-case letters, digits and hyphens, a letter first"),
    matches("accountId", accountId, /^\d{12}$/, "the twelve digits of an AWS account, as text"),
    matches("region", region, REGION, "a region such as us-east-1"),
    matches(
      "namePrefix",
      namePrefix,
      /^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,15}$/,
      "1 to 16 lower-case letters, digits and single hyphens, a letter first (a bucket's name has 63 characters, a role's 64)",
    ),
    {
      setting: "namePrefix",
      given: namePrefix,
      valid: !RESERVED_PREFIX.test(namePrefix),
      allowed: "no prefix that S3 or EC2 reserves: sthree, amzn-s3-demo and sg, alone or before a hyphen",
    },
    ...Object.entries(tags).map(([tag, value]) =>
      matches(`tags.${tag}`, value, TAG_VALUE, "1 to 256 letters, digits, spaces and _ . : / = + - @ (AWS tags)"),
    ),
    isOneOf("logRetentionDays", logRetentionDays, RETENTION_DAYS),
  ];
}

function apiChecks({ authorization, access, assumedRoleOwner, canary, throttling }: Environment): Check[] {
  const jwt =
    authorization?.kind === "jwt"
      ? [
          matches("authorization.issuer", authorization.issuer, /^https:\/\/[^\s?#]+$/, "the https URL of the tokens' issuer"),
          {
            setting: "authorization.audience",
            given: authorization.audience,
            valid:
              Array.isArray(authorization.audience) && authorization.audience.length > 0 && authorization.audience.every(isText),
            allowed: "at least one audience of the tokens",
          },
        ]
      : [];
  return [
    isOneOf("authorization.kind", authorization?.kind, ["iam", "jwt"]),
    ...jwt,
    isOneOf("access", access, CHOICES.access),
    isOneOf("assumedRoleOwner", assumedRoleOwner, CHOICES.assumedRoleOwner),
    isOneOf("canary", canary, CHOICES.canary),
    isWhole("throttling.requestsPerSecond", throttling.requestsPerSecond, 1, 10_000, "API Gateway's quota of an account"),
    isWhole("throttling.burst", throttling.burst, 1, 5_000, "API Gateway's quota of an account"),
  ];
}

function roleChecks({ roles, protection }: Environment): Check[] {
  const { permissionsBoundaryArn: boundary } = roles;
  return [
    matches("roles.path", roles.path, ROLE_PATH, "a path that begins and ends with a slash, such as /jobs/"),
    matches("roles.namePrefix", roles.namePrefix, /^[\w+=,.@-]{0,10}$/, "at most 10 characters (a role's name has 64)"),
    ...(boundary === undefined
      ? []
      : [matches("roles.permissionsBoundaryArn", boundary, POLICY_ARN, "the ARN of an IAM policy")]),
    isOneOf("protection.deletionProtection", protection.deletionProtection, [true, false]),
    isOneOf("protection.preventDestroy", protection.preventDestroy, [true, false]),
  ];
}

function computeChecks({ lambda, fargate }: Environment): Check[] {
  return [
    isOneOf("lambda.runtime", lambda.runtime, ["nodejs22.x", "nodejs24.x"]),
    isOneOf("lambda.architecture", lambda.architecture, ["arm64", "x86_64"]),
    isWhole("lambda.memoryMiB", lambda.memoryMiB, 128, 10_240, "Lambda quotas"),
    ...Object.entries(lambda.reservedConcurrency).flatMap(([name, value]) => [
      isOneOf("a name in lambda.reservedConcurrency", name, LAMBDAS),
      isWhole(`lambda.reservedConcurrency.${name}`, value, 1, 10_000, "0 would stop the Lambda"),
    ]),
    isOneOf("fargate.placement", fargate.placement, ["capacity-providers", "launch-type"]),
    isOneOf("fargate.architecture", fargate.architecture, ["ARM64", "X86_64"]),
    isWhole("fargate.base", fargate.base, 0, 100_000, "ECS capacity provider strategy"),
    isWhole("fargate.weight", fargate.weight, 0, 1_000, "ECS capacity provider strategy"),
    isWhole("fargate.spotWeight", fargate.spotWeight, 0, 1_000, "ECS capacity provider strategy"),
    isWhole("fargate.maxVcpus", fargate.maxVcpus, 1, 100_000, "the account's Fargate quota"),
  ];
}

function terraformChecks({ terraform: { requiredVersion, providerVersion, emulator } }: Environment): Check[] {
  const range = 'a version range such as ">= 6.25.0, < 7.0.0"';
  return [
    matches("terraform.requiredVersion", requiredVersion, VERSION_RANGE, range),
    matches("terraform.providerVersion", providerVersion, VERSION_RANGE, range),
    ...(emulator === undefined
      ? []
      : [matches("terraform.emulator", emulator, /^https?:\/\/[^\s/]+$/, "an address such as http://127.0.0.1:5000")]),
  ];
}

function contradictions({ fargate, throttling, lambda, terraform, protection }: Environment): Check[] {
  const newRuntime = lambda.runtime === "nodejs24.x";
  const oldProvider = /^\s*(=|~>)?\s*[1-5]\./.test(terraform.providerVersion);
  return [
    {
      setting: "fargate.weight and fargate.spotWeight",
      given: [fargate.weight, fargate.spotWeight],
      valid: fargate.weight + fargate.spotWeight > 0,
      allowed: "at least one above 0, or no task is ever placed",
    },
    {
      setting: "fargate.spotWeight",
      given: fargate.spotWeight,
      valid: fargate.placement === "capacity-providers" || fargate.spotWeight === 0,
      allowed: '0 where fargate.placement is "launch-type", which has no Spot',
    },
    {
      setting: "throttling.burst",
      given: throttling.burst,
      valid: throttling.burst >= Math.min(throttling.requestsPerSecond, 5_000),
      allowed: `at least throttling.requestsPerSecond, which is ${throttling.requestsPerSecond}`,
    },
    {
      setting: "lambda.runtime",
      given: lambda.runtime,
      valid: !(newRuntime && oldProvider),
      allowed: `nodejs22.x with provider ${terraform.providerVersion}, which does not know nodejs24.x`,
    },
    {
      setting: "protection.deletionProtection",
      given: protection.deletionProtection,
      valid: protection.deletionProtection || !protection.preventDestroy,
      allowed: "true where protection.preventDestroy is true",
    },
  ];
}
