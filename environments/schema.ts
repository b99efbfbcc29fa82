import { CHOICES } from "@autoscaling-job-queues/domain/environment";
import { LAMBDAS, type LambdaName } from "@autoscaling-job-queues/domain/routes";
import { group, isNetworkAddress, kindOf, oneOf, textLike, texts, whole } from "@autoscaling-job-queues/domain/setting-schemas";
import { type Tags, tags, withTags } from "@autoscaling-job-queues/domain/tags";
import * as z from "zod";
import { REGIONS } from "./regions.ts";
import { traces } from "./trace-settings.ts";

/** CloudWatch: an alarm's periods together are at most a day (PutMetricAlarm). */
const DAY_MINUTES = 1_440;

/**
 * A bucket's name may not begin with `sthree-` or `amzn-s3-demo-` (S3: bucket naming rules), nor a security group's with `sg-`
 * (EC2: CreateSecurityGroup); in both, a hyphen follows the prefix. S3's `xn--` has two hyphens, which no prefix has.
 */
const RESERVED_PREFIX = /^(sthree|amzn-s3-demo|sg)(-|$)/;

const KMS_ARN = String.raw`arn:aws[\w-]*:kms:[a-z0-9-]+:\d{12}:`;
const KEY_ID = "(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})";
/** What Terraform takes for a key (S3 backend: kms_key_id). */
const STATE_KEY = new RegExp(`^(${KEY_ID}|${KMS_ARN}key/${KEY_ID}|(${KMS_ARN})?alias/[\\w/-]+)$`);

const region = textLike((text) => REGIONS.includes(text), "one of AWS's regions, in environments/regions.ts, such as us-east-1");
const flag = oneOf([true, false]);

const backend = z.discriminatedUnion(
  "kind",
  [
    /** State in an S3 bucket, one object per stack: `<prefix><environment>/<stack>.tfstate`. Needs Terraform 1.11. */
    group({
      kind: z.literal("s3"),
      bucket: textLike(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "the name of an S3 bucket"),
      region,
      /** Whether a lock file beside the state keeps a second run out. */
      lockfile: flag,
      /** Key that encrypts the state. @default the bucket's own */
      kmsKeyId: textLike(STATE_KEY, "the ID or ARN of a KMS key, or of an alias (alias/states)").exactOptional(),
    }),
    /** State and runs in HCP Terraform or Terraform Enterprise, one workspace per stack: `<workspacePrefix><stack>`. */
    group({
      kind: z.literal("remote"),
      hostname: textLike(/^[a-z0-9.-]+$/, "a host name such as app.terraform.io"),
      organization: textLike(/^[\w-]+$/, "the name of an organization"),
      /** Of no other workspace in the organization. */
      workspacePrefix: textLike(/^[\w-]{1,50}$/, "1 to 50 letters, digits, - and _, which no other workspaces begin with"),
    }),
    /** State on the machine that runs Terraform, one file per stack: `<path>/<stack>.tfstate`. */
    group({
      kind: z.literal("local"),
      /** Relative to the project's root. */
      path: textLike(/^[^\0]+$/, "a folder, relative to the project's root"),
    }),
  ],
  kindOf("s3", "remote", "local"),
);

const NAMES_OF_TYPES = '"all", or a list of different names of job types';

/** A VPC made by the platform's stack, with one subnet of each kind in every zone. */
const ownNetwork = {
  /** IPv4 range of /16 to /20; each subnet takes a sixteenth of it. */
  cidr: textLike(isNetworkAddress, "an IPv4 network of /16 to /20, such as 10.20.0.0/16"),
  /** Availability zones of the region, one to three. */
  zones: texts(/^[a-z0-9-]+$/, { most: 3, allowed: "one to three different zones of the region, such as us-east-1a" }),
};

const network = z.discriminatedUnion(
  "kind",
  [
    /** A VPC of the organization's own. Its subnets need a way to ECR, SQS, SNS, DynamoDB, S3 and CloudWatch Logs. */
    group({
      kind: z.literal("existing"),
      vpcId: textLike(/^vpc-[0-9a-f]{8,17}$/, "the ID of a VPC"),
      subnetIds: texts(/^subnet-[0-9a-f]{8,17}$/, {
        least: 2,
        most: 16,
        allowed: "2 to 16 IDs of subnets, in two zones or more, so that tasks outlive the loss of one (ECS: awsvpcConfiguration)",
      }),
      /** Of the VPC, for all tasks; it lets HTTPS out. @default one that the platform makes */
      securityGroupId: textLike(/^sg-[0-9a-f]{8,17}$/, "the ID of a security group").exactOptional(),
    }),
    /** Tasks reach AWS through interface endpoints, */
    group({
      kind: z.literal("private-with-endpoints"),
      ...ownNetwork,
      /** Beside those that the platform needs: what jobs call, such as secretsmanager for the secrets of their deployments. */
      services: z
        .array(
          textLike(/^[a-z0-9][a-z0-9.-]{0,62}$/, "a service as its endpoint has it, such as secretsmanager"),
          "a list of services",
        )
        .refine((services) => new Set(services).size === services.length, "each service once")
        .default([]),
    }),
    /** through one NAT gateway, */
    group({ kind: z.literal("private-with-nat"), ...ownNetwork }),
    /** or by public addresses of their own. */
    group({ kind: z.literal("public"), ...ownNetwork }),
  ],
  kindOf("existing", "private-with-endpoints", "private-with-nat", "public"),
);

/** Who may call the API: signed requests that IAM allows, or bearer tokens of an OpenID Connect issuer. */
const authorization = z.discriminatedUnion(
  "kind",
  [
    group({ kind: z.literal("iam") }),
    group({
      kind: z.literal("jwt"),
      issuer: textLike(/^https:\/\/[^\s?#]+$/, "the https URL of the tokens' issuer"),
      audience: texts(/\S/, { allowed: "at least one audience of the tokens" }),
      /** Of which a token needs one, on every route. @default none */
      scopes: texts(/^[!#-[\]-~]{1,64}$/, {
        most: 10,
        allowed:
          "1 to 10 different scopes, each of 1 to 64 characters as OAuth has them (API Gateway: HTTP API quotas, CreateRoute)",
      }).exactOptional(),
    }),
  ],
  kindOf("iam", "jwt"),
);

/** How the API is reached, beside the address that API Gateway gives it. */
const api = group({
  /** A name of the organization's own. `api_endpoint` is then its address; the DNS record is not made here. */
  domain: group({
    name: textLike(
      /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/,
      "a domain name in lower case, such as jobs.example.com",
    ),
    /** Of a certificate for the name, in the region and account. */
    certificateArn: textLike(/^arn:aws[\w-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/, "the ARN of a certificate of ACM"),
  }).exactOptional(),
  /** Whose web pages may call the API in browsers. */
  corsOrigins: texts(/^(https:\/\/[a-z0-9.-]+|http:\/\/localhost)(:\d{1,5})?$/, {
    least: 0,
    allowed: "different origins as browsers send them, such as https://app.example.com, or http://localhost:5173",
  }).default([]),
});

/** How much may fail before people are paged. */
const failureRate = (percent: number, minimum: number, minutes: number) =>
  group({
    /** Of all that could have failed. */
    percent: whole(1, 100, "a share").default(percent),
    /** Fewer failures than these page nobody, whatever their share. */
    minimum: whole(1, 1_000_000, "failures").default(minimum),
    /** In which both are counted. */
    minutes: whole(1, DAY_MINUTES, "an alarm covers at most a day").default(minutes),
  }).prefault({});

/** When the alarms page people. */
const alarms = group({
  /** Minutes for which messages may wait while no worker takes one: more than a task's start takes. */
  noWorkerMinutes: whole(5, DAY_MINUTES, "a task's start takes minutes, and an alarm covers a day").default(15),
  /** Jobs of a type that FAILED, of those that FAILED or SUCCEEDED. */
  failedJobs: failureRate(50, 5, 60),
  /** Requests to the API that were answered with a status of 500 or more. */
  apiErrors: failureRate(5, 5, 5),
  /** Errors and throttles of one Lambda within five minutes. */
  lambdaErrors: whole(1, 1_000_000, "errors of one Lambda in five minutes").default(3),
  /** The organization's own topics, to which alarms publish as well as to the platform's. */
  topicArns: texts(/^arn:aws[\w-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, {
    least: 0,
    most: 4,
    allowed:
      "at most 4 ARNs of SNS topics that are not FIFO (CloudWatch: an alarm has five actions, and the platform's topic is one)",
  }).default([]),
});

/** Who may follow the jobs, beside whom IAM lets in the platform's own account. */
const events = group({
  /** Other accounts, whose IAM policies say which of their principals may subscribe queues and functions to the events topic. */
  subscriberAccounts: texts(/^\d{12}$/, {
    least: 0,
    most: 100,
    allowed: "at most 100 different AWS accounts, each of twelve digits as text",
  }).default([]),
});

/** Any of these may have another value. */
const DEFAULT_TAGS: Tags = {
  application: "autoscaling-job-queues",
  owner: "platform",
  repository: "autoscaling-job-queues",
};

/** Periods that CloudWatch Logs offers (API reference: PutRetentionPolicy). */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1_096, 1_827, 2_192, 2_557, 2_922, 3_288, 3_653,
] as const;

const POLICY_ARN = /^arn:aws[\w-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/;
const VERSION_RANGE = /^\s*(=|!=|>=?|<=?|~>)?\s*\d+(\.\d+){0,2}(\s*,\s*(=|!=|>=?|<=?|~>)?\s*\d+(\.\d+){0,2})*\s*$/;
const versions = textLike(VERSION_RANGE, 'a version range such as ">= 6.25.0, < 7.0.0"');

const weight = whole(0, 1_000, "ECS capacity provider strategy");
const executions = whole(1, 10_000, "0 would stop the Lambda").exactOptional();
const reservedConcurrency = Object.fromEntries(LAMBDAS.map((name) => [name, executions])) as Record<
  LambdaName,
  typeof executions
>;

/** Every setting of an environment, with its default, where it has one, and its bounds. */
export const environmentSchema = group({
  name: textLike(/^[a-z][a-z0-9-]{0,15}$/, "1 to 16 lower-case letters, digits and hyphens, a letter first"),
  /** Twelve digits; the provider refuses credentials of any other account. */
  accountId: textLike(/^\d{12}$/, "the twelve digits of an AWS account, as text"),
  region,
  /** Before the name of every resource. @default "jobs-" and the name */
  namePrefix: textLike(
    /^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,15}$/,
    "1 to 16 lower-case letters, digits and single hyphens, a letter first (a bucket's name has 63 characters, a role's 64)",
  ).refine((prefix) => !RESERVED_PREFIX.test(prefix), {
    error: "no prefix that S3 or EC2 reserves: sthree, amzn-s3-demo and sg, alone or before a hyphen",
  }),
  backend,
  network,
  /**
   * Which types of the checkout's own `jobs/` are deployed, where the examples are. Those in other folders of `JOBS_FOLDERS` are
   * unless their `deployment.ts` says otherwise.
   */
  jobTypes: z
    .union([z.literal("all"), texts(/^[a-z0-9-]+$/, { least: 0, allowed: NAMES_OF_TYPES })], NAMES_OF_TYPES)
    .default("all"),
  /** ARN of a key of the organization's own that encrypts everything. @default one that the platform makes */
  encryptionKeyArn: textLike(new RegExp(`^${KMS_ARN}key/${KEY_ID}$`), "the ARN of a KMS key, not of an alias").exactOptional(),
  api: api.prefault({}),
  authorization: authorization.default({ kind: "iam" }),
  /** Whose jobs a caller sees. */
  access: oneOf(CHOICES.access).default("account"),
  /** Who owns the jobs of a caller with an assumed role's credentials: the role, or its session of that name. */
  assumedRoleOwner: oneOf(CHOICES.assumedRoleOwner).default("role"),
  /** Whether canary jobs may crash workers and take their memory ("full"), or API and workers refuse those that would ("safe"). */
  canary: oneOf(CHOICES.canary).default("safe"),
  /** Of all callers together: requests a second, and how many may come at once. */
  throttling: group({
    requestsPerSecond: whole(1, 10_000, "API Gateway's quota of an account"),
    burst: whole(1, 5_000, "API Gateway's quota of an account"),
  }).default({ requestsPerSecond: 100, burst: 200 }),
  /** On every resource, with the environment's name and, in a job type's stack, the job type. */
  tags: tags.default({}).transform((given) => withTags(DEFAULT_TAGS, given)),
  /** One of the periods that CloudWatch Logs offers. */
  logRetentionDays: oneOf(RETENTION_DAYS).default(30),
  alarms: alarms.prefault({}),
  events: events.prefault({}),
  /** Where spans are sent. @default none are recorded */
  traces: traces.exactOptional(),
  protection: group({
    /** DynamoDB refuses to delete the tables. */
    deletionProtection: flag.default(false),
    /** Terraform refuses to destroy tables, key, queues, bucket and repositories. */
    preventDestroy: flag.default(false),
  }).prefault({}),
  /** How roles are named, as many organizations prescribe. */
  roles: group({
    path: textLike(
      /^(?!\/aws-(service-role|reserved)\/)(?=.{1,512}$)\/([\w+=,.@-]+\/)*$/,
      "a path of at most 512 characters that begins and ends with a slash, such as /jobs/, and is none of AWS's own (IAM quotas)",
    ).default("/"),
    /** Before the name of every role. */
    namePrefix: textLike(/^[\w+=,.@-]{0,10}$/, "at most 10 characters (a role's name has 64)").default(""),
    /** ARN of the policy that bounds every role. */
    permissionsBoundaryArn: textLike(POLICY_ARN, "the ARN of an IAM policy").exactOptional(),
  }).prefault({}),
  lambda: group({
    runtime: oneOf(["nodejs22.x", "nodejs24.x"]).default("nodejs24.x"),
    architecture: oneOf(["arm64", "x86_64"]).default("arm64"),
    /** CPU comes in proportion. */
    memoryMiB: whole(128, 10_240, "Lambda quotas").default(512),
    /** Concurrent executions kept for a Lambda, and its limit; the others share the account's. */
    reservedConcurrency: group(reservedConcurrency).default({}),
  }).prefault({}),
  /** Where Fargate runs tasks. Weights share the tasks beyond `base`; a Spot task may be stopped with two minutes' notice. */
  fargate: group({
    /** "launch-type" runs all tasks on Fargate proper, for emulators that know no capacity providers. */
    placement: oneOf(["capacity-providers", "launch-type"]).default("capacity-providers"),
    architecture: oneOf(["ARM64", "X86_64"]).default("ARM64"),
    /** Tasks of a type that never run on Spot. */
    base: whole(0, 100_000, "ECS capacity provider strategy").default(0),
    weight: weight.default(1),
    spotWeight: weight.default(0),
    /** The account's quota of running vCPUs in the region (Service Quotas, L-3032A538). All types together may ask for no more. */
    maxVcpus: whole(1, 100_000, "the account's Fargate quota").default(100),
  }).prefault({}),
  terraform: group({
    requiredVersion: versions.default(">= 1.11.0"),
    /** Range of `hashicorp/aws`. */
    providerVersion: versions.default(">= 6.25.0, < 7.0.0"),
    /** Address of an AWS emulator that answers for every service; AWS itself when absent. */
    emulator: textLike(/^https?:\/\/[^\s/]+$/, "an address such as http://127.0.0.1:5000").exactOptional(),
  }).prefault({}),
});
