import { SettingsError } from "@autoscaling-job-queues/domain/errors";
import { registeredSchema } from "@autoscaling-job-queues/domain/input-schema";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { JOB_LIFETIME_DAYS } from "@autoscaling-job-queues/domain/limits";
import { checkRules, type SettingRule } from "@autoscaling-job-queues/domain/parse-settings";
import type { Environment } from "../environments/environment.ts";
import { PLATFORM_STACK } from "./platform-outputs.ts";
import { checkSharedLimits, vcpusOf } from "./shared-limits.ts";

/** Messages of a standard queue that may be in flight at once (SQS quotas). */
const MAX_IN_FLIGHT = 120_000;
const SECONDS_PER_DAY = 86_400;

/**
 * Checks job types against the environment and against each other. What needs to know only one setting, such as Fargate's pairs
 * of CPU and memory, was checked by `defineJobType`.
 *
 * @throws SettingsError for the first setting that does not fit, or a name that two of them share.
 */
export function checkJobTypes(environment: Environment, jobTypes: readonly JobType[]): void {
  const seen = new Set<string>();
  for (const jobType of jobTypes) {
    const { name } = jobType;
    if (seen.has(name)) throw new SettingsError("job types", name, "a different name for each job type");
    seen.add(name);
    checkRules(`job type ${JSON.stringify(name)}`, limitsOf(environment, jobType));
    registeredSchema(jobType);
  }
  checkSharedLimits(environment, jobTypes);
}

function limitsOf({ name: environment, fargate }: Environment, jobType: JobType): readonly SettingRule[] {
  const { name, scaling, concurrency, timeoutSeconds, maxAttempts } = jobType;
  const vcpus = vcpusOf(jobType);
  const attempts = Math.floor((JOB_LIFETIME_DAYS * SECONDS_PER_DAY) / timeoutSeconds);
  return [
    {
      setting: "name",
      given: name,
      holds: name !== PLATFORM_STACK,
      allowed: "any name but that of the platform's own stack",
    },
    {
      setting: "scaling.maxTasks",
      given: scaling.maxTasks,
      holds: scaling.maxTasks * vcpus <= fargate.maxVcpus,
      allowed: `at most ${Math.floor(fargate.maxVcpus / vcpus)} tasks of ${vcpus} vCPU, as fargate.maxVcpus of ${environment} is ${fargate.maxVcpus}`,
    },
    {
      setting: "scaling.maxTasks",
      given: scaling.maxTasks,
      holds: scaling.maxTasks * concurrency <= MAX_IN_FLIGHT,
      allowed: `at most ${Math.floor(MAX_IN_FLIGHT / concurrency)} with a concurrency of ${concurrency}, as a queue has at most ${MAX_IN_FLIGHT} messages in flight (SQS quotas)`,
    },
    {
      setting: "maxAttempts",
      given: maxAttempts,
      holds: maxAttempts <= attempts,
      allowed: `at most ${attempts} with timeoutSeconds ${timeoutSeconds}, as a job that has not ended after ${JOB_LIFETIME_DAYS} days is failed`,
    },
  ];
}
