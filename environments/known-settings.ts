import { type SettingNames, type UnknownSetting, unknownSetting } from "@autoscaling-job-queues/domain/unknown-setting";
import type {
  AlarmSettings,
  Authorization,
  Backend,
  Environment,
  ExistingNetwork,
  FailureRate,
  FargateSettings,
  LambdaSettings,
  LocalBackend,
  Network,
  OwnNetwork,
  Protection,
  RemoteBackend,
  RoleSettings,
  S3Backend,
  TerraformSettings,
} from "../modules/environment.ts";

const ENVIRONMENT: SettingNames<Environment> = {
  name: true,
  accountId: true,
  region: true,
  namePrefix: true,
  backend: true,
  network: true,
  authorization: true,
  access: true,
  assumedRoleOwner: true,
  canary: true,
  throttling: true,
  tags: true,
  logRetentionDays: true,
  alarms: true,
  protection: true,
  roles: true,
  lambda: true,
  fargate: true,
  terraform: true,
};

type OfKind<Union extends { readonly kind: string }> = Readonly<Record<Union["kind"], Readonly<Record<string, true>>>>;

const S3: SettingNames<S3Backend> = { kind: true, bucket: true, region: true, kmsKeyId: true, lockfile: true };
const REMOTE: SettingNames<RemoteBackend> = { kind: true, hostname: true, organization: true, workspacePrefix: true };
const LOCAL: SettingNames<LocalBackend> = { kind: true, path: true };
const BACKENDS: OfKind<Backend> = { s3: S3, remote: REMOTE, local: LOCAL };

const EXISTING: SettingNames<ExistingNetwork> = { kind: true, vpcId: true, subnetIds: true };
const OWN: SettingNames<OwnNetwork> = { kind: true, cidr: true, zones: true };
const NETWORKS: OfKind<Network> = {
  existing: EXISTING,
  public: OWN,
  "private-with-nat": OWN,
  "private-with-endpoints": OWN,
};

const IAM: SettingNames<Extract<Authorization, { kind: "iam" }>> = { kind: true };
const JWT: SettingNames<Extract<Authorization, { kind: "jwt" }>> = { kind: true, issuer: true, audience: true };
const AUTHORIZATIONS: OfKind<Authorization> = { iam: IAM, jwt: JWT };

const THROTTLING: SettingNames<Environment["throttling"]> = { requestsPerSecond: true, burst: true };
const TAGS: SettingNames<Environment["tags"]> = { application: true, owner: true, repository: true };
const ALARMS: SettingNames<AlarmSettings> = { noWorkerMinutes: true, failedJobs: true, apiErrors: true, lambdaErrors: true };
const RATE: SettingNames<FailureRate> = { percent: true, minimum: true, minutes: true };
const PROTECTION: SettingNames<Protection> = { deletionProtection: true, preventDestroy: true };
const ROLES: SettingNames<Required<RoleSettings>> = { path: true, namePrefix: true, permissionsBoundaryArn: true };
const LAMBDA: SettingNames<LambdaSettings> = { runtime: true, architecture: true, memoryMiB: true, reservedConcurrency: true };
const FARGATE: SettingNames<FargateSettings> = {
  placement: true,
  architecture: true,
  base: true,
  weight: true,
  spotWeight: true,
  maxVcpus: true,
};
const TERRAFORM: SettingNames<TerraformSettings> = { requiredVersion: true, providerVersion: true, emulator: true };

/** The first setting of an environment that does not exist. A kind that does not exist is left to the rules of kinds. */
export function unknownEnvironmentSetting(environment: Environment): UnknownSetting | undefined {
  return (
    unknownSetting("", environment, ENVIRONMENT) ??
    unknownOfKind("backend", environment.backend, BACKENDS) ??
    unknownOfKind("network", environment.network, NETWORKS) ??
    unknownOfKind("authorization", environment.authorization, AUTHORIZATIONS) ??
    unknownSetting("throttling", environment.throttling, THROTTLING) ??
    unknownSetting("tags", environment.tags, TAGS) ??
    unknownSetting("alarms", environment.alarms, ALARMS) ??
    unknownSetting("alarms.failedJobs", environment.alarms?.failedJobs, RATE) ??
    unknownSetting("alarms.apiErrors", environment.alarms?.apiErrors, RATE) ??
    unknownSetting("protection", environment.protection, PROTECTION) ??
    unknownSetting("roles", environment.roles, ROLES) ??
    unknownSetting("lambda", environment.lambda, LAMBDA) ??
    unknownSetting("fargate", environment.fargate, FARGATE) ??
    unknownSetting("terraform", environment.terraform, TERRAFORM)
  );
}

function unknownOfKind<Union extends { readonly kind: string }>(
  path: string,
  group: Union | undefined,
  kinds: OfKind<Union>,
): UnknownSetting | undefined {
  const names = new Map<string | undefined, Readonly<Record<string, true>>>(Object.entries(kinds)).get(group?.kind);
  return names === undefined ? undefined : unknownSetting(path, group, names);
}
