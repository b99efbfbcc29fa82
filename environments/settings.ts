import type {
  AlarmSettings,
  Environment,
  FailureRate,
  FargateSettings,
  LambdaSettings,
  Protection,
  RoleSettings,
  TerraformSettings,
} from "../modules/environment.ts";
import { validateEnvironment } from "./validate.ts";

/** What an environment states; everything else has a default. `modules/environment.ts` describes each setting. */
export interface EnvironmentSettings
  extends Pick<Environment, "name" | "accountId" | "region" | "backend" | "network">,
    Partial<
      Pick<
        Environment,
        "namePrefix" | "authorization" | "access" | "assumedRoleOwner" | "canary" | "throttling" | "logRetentionDays"
      >
    > {
  /** @default application "autoscaling-job-queues", owner "platform", repository "autoscaling-job-queues" */
  readonly tags?: Partial<Environment["tags"]>;
  /**
   * @default noWorkerMinutes 15, failedJobs half of an hour's and at least 5, apiErrors 5% of 5 minutes' and at least 5,
   * lambdaErrors 3
   */
  readonly alarms?: Partial<Omit<AlarmSettings, "failedJobs" | "apiErrors">> & {
    readonly failedJobs?: Partial<FailureRate>;
    readonly apiErrors?: Partial<FailureRate>;
  };
  /** @default nothing is protected */
  readonly protection?: Partial<Protection>;
  /** @default path "/", no prefix, no boundary */
  readonly roles?: Partial<RoleSettings>;
  /** @default nodejs24.x on arm64 with 512 MiB, no reserved concurrency */
  readonly lambda?: Partial<LambdaSettings>;
  /** @default capacity providers, ARM64, base 0, weight 1, spotWeight 0, maxVcpus 100 */
  readonly fargate?: Partial<FargateSettings>;
  /** @default requiredVersion ">= 1.11.0", providerVersion ">= 6.25.0, < 7.0.0" */
  readonly terraform?: Partial<TerraformSettings>;
}

/**
 * Declares an environment.
 *
 * @throws SettingsError for the first setting that is wrong; it names the setting, what was given and what is allowed.
 */
export function defineEnvironment(settings: EnvironmentSettings): Environment {
  const environment: Environment = {
    namePrefix: `jobs-${settings.name}`,
    authorization: { kind: "iam" },
    access: "account",
    assumedRoleOwner: "role",
    canary: "safe",
    throttling: { requestsPerSecond: 100, burst: 200 },
    logRetentionDays: 30,
    ...settings,
    tags: { application: "autoscaling-job-queues", owner: "platform", repository: "autoscaling-job-queues", ...settings.tags },
    alarms: {
      noWorkerMinutes: 15,
      lambdaErrors: 3,
      ...settings.alarms,
      failedJobs: { percent: 50, minimum: 5, minutes: 60, ...settings.alarms?.failedJobs },
      apiErrors: { percent: 5, minimum: 5, minutes: 5, ...settings.alarms?.apiErrors },
    },
    protection: { deletionProtection: false, preventDestroy: false, ...settings.protection },
    roles: { path: "/", namePrefix: "", ...settings.roles },
    lambda: { runtime: "nodejs24.x", architecture: "arm64", memoryMiB: 512, reservedConcurrency: {}, ...settings.lambda },
    fargate: {
      placement: "capacity-providers",
      architecture: "ARM64",
      base: 0,
      weight: 1,
      spotWeight: 0,
      maxVcpus: 100,
      ...settings.fargate,
    },
    terraform: { requiredVersion: ">= 1.11.0", providerVersion: ">= 6.25.0, < 7.0.0", ...settings.terraform },
  };
  validateEnvironment(environment);
  return Object.freeze(environment);
}
