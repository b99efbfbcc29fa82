import type { Access, AssumedRoleOwner, Canary } from "@autoscaling-job-queues/domain/environment";
import type { LambdaName } from "@autoscaling-job-queues/domain/routes";

/** State in an S3 bucket, one object per stack: `<prefix><environment>/<stack>.tfstate`. Needs Terraform 1.11. */
export interface S3Backend {
  readonly kind: "s3";
  readonly bucket: string;
  readonly region: string;
  /** Key that encrypts the state. @default the bucket's own */
  readonly kmsKeyId?: string;
  /** Whether a lock file beside the state keeps a second run out. */
  readonly lockfile: boolean;
}

/** State and runs in HCP Terraform or Terraform Enterprise, one workspace per stack: `<workspacePrefix><stack>`. */
export interface RemoteBackend {
  readonly kind: "remote";
  readonly hostname: string;
  readonly organization: string;
  readonly workspacePrefix: string;
}

/** State on the machine that runs Terraform, one file per stack: `<path>/<stack>.tfstate`. */
export interface LocalBackend {
  readonly kind: "local";
  /** Relative to the project's root. */
  readonly path: string;
}

export type Backend = S3Backend | RemoteBackend | LocalBackend;

/** A VPC of the organization's own. Its subnets need a way to ECR, SQS, SNS, DynamoDB, S3 and CloudWatch Logs. */
export interface ExistingNetwork {
  readonly kind: "existing";
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
}

/** A VPC made by the platform's stack, with one subnet of each kind in every zone. */
export interface OwnNetwork {
  /** How tasks reach AWS: through interface endpoints, one NAT gateway, or public addresses of their own. */
  readonly kind: "private-with-endpoints" | "private-with-nat" | "public";
  /** IPv4 range of /16 to /20; each subnet takes a sixteenth of it. */
  readonly cidr: string;
  /** Availability zones, one to three. */
  readonly zones: readonly string[];
}

export type Network = ExistingNetwork | OwnNetwork;

/** Who may call the API: signed requests that IAM allows, or bearer tokens of an OpenID Connect issuer. */
export type Authorization =
  | { readonly kind: "iam" }
  | { readonly kind: "jwt"; readonly issuer: string; readonly audience: readonly string[] };

/** Where Fargate runs tasks. Weights share the tasks beyond `base`; a Spot task may be stopped with two minutes' notice. */
export interface FargateSettings {
  /** "launch-type" runs all tasks on Fargate proper, for emulators that know no capacity providers. */
  readonly placement: "capacity-providers" | "launch-type";
  readonly architecture: "ARM64" | "X86_64";
  /** Tasks of a type that never run on Spot, 0 to 100,000. */
  readonly base: number;
  /** 0 to 1,000. */
  readonly weight: number;
  /** 0 to 1,000. */
  readonly spotWeight: number;
  /** The account's quota of running vCPUs in the region (Service Quotas, L-3032A538). All types together may ask for no more. */
  readonly maxVcpus: number;
}

/** How roles are named, as many organizations prescribe. */
export interface RoleSettings {
  /** Begins and ends with a slash. */
  readonly path: string;
  /** Before the name of every role. */
  readonly namePrefix: string;
  /** ARN of the policy that bounds every role. */
  readonly permissionsBoundaryArn?: string;
}

export interface LambdaSettings {
  readonly runtime: "nodejs22.x" | "nodejs24.x";
  readonly architecture: "arm64" | "x86_64";
  /** 128 to 10,240 MiB; CPU comes in proportion. */
  readonly memoryMiB: number;
  /** Concurrent executions kept for a Lambda, and its limit; the others share the account's. */
  readonly reservedConcurrency: Partial<Readonly<Record<LambdaName, number>>>;
}

/** How much may fail before people are paged. */
export interface FailureRate {
  /** Of all that could have failed, 1 to 100. */
  readonly percent: number;
  /** Fewer failures than these page nobody, whatever their share. */
  readonly minimum: number;
  /** In which both are counted, 1 to 1,440. */
  readonly minutes: number;
}

/** When the alarms page people. */
export interface AlarmSettings {
  /** Minutes for which messages may wait while no worker takes one, 5 to 1,440: more than a task's start takes. */
  readonly noWorkerMinutes: number;
  /** Jobs of a type that FAILED, of those that FAILED or SUCCEEDED. */
  readonly failedJobs: FailureRate;
  /** Requests to the API that were answered with a status of 500 or more. */
  readonly apiErrors: FailureRate;
  /** Errors and throttles of one Lambda within five minutes. */
  readonly lambdaErrors: number;
}

export interface TerraformSettings {
  readonly requiredVersion: string;
  /** Range of `hashicorp/aws`. */
  readonly providerVersion: string;
  /** Address of an AWS emulator that answers for every service; AWS itself when absent. */
  readonly emulator?: string;
}

export interface Protection {
  /** DynamoDB refuses to delete the tables. */
  readonly deletionProtection: boolean;
  /** Terraform refuses to destroy tables, key, queues, bucket and repositories. */
  readonly preventDestroy: boolean;
}

/** Everything that differs between environments, complete and checked. */
export interface Environment {
  readonly name: string;
  /** Twelve digits; the provider refuses credentials of any other account. */
  readonly accountId: string;
  readonly region: string;
  /** Before the name of every resource. */
  readonly namePrefix: string;
  readonly backend: Backend;
  readonly network: Network;
  readonly authorization: Authorization;
  /** Whose jobs a caller sees. */
  readonly access: Access;
  /** Who owns the jobs of a caller with an assumed role's credentials: the role, or its session of that name. */
  readonly assumedRoleOwner: AssumedRoleOwner;
  /** Whether canary jobs may crash workers and take their memory ("full"), or API and workers refuse those that would ("safe"). */
  readonly canary: Canary;
  /** Of all callers together: requests a second, and how many may come at once. */
  readonly throttling: { readonly requestsPerSecond: number; readonly burst: number };
  /** On every resource, with the environment's name and, in a job type's stack, the job type. */
  readonly tags: Readonly<Record<"application" | "owner" | "repository", string>>;
  /** One of the periods that CloudWatch Logs offers. */
  readonly logRetentionDays: number;
  readonly alarms: AlarmSettings;
  readonly protection: Protection;
  readonly roles: RoleSettings;
  readonly lambda: LambdaSettings;
  readonly fargate: FargateSettings;
  readonly terraform: TerraformSettings;
}
