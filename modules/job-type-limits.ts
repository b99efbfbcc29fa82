import { SettingsError } from "@autoscaling-job-queues/domain/errors";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import type { Environment } from "./environment.ts";
import { PLATFORM_STACK } from "./platform-outputs.ts";

/** CPU units of one vCPU (Amazon ECS: task size). */
const UNITS_PER_VCPU = 1_024;

/**
 * Checks job types against each other and against the environment. Their own settings, such as Fargate's pairs of CPU and
 * memory, were checked by `defineJobType`.
 *
 * @throws SettingsError for the first setting that does not fit, or a name that two of them have.
 */
export function checkJobTypes(environment: Environment, jobTypes: readonly JobType[]): void {
  const seen = new Set<string>();
  for (const jobType of jobTypes) {
    const { name } = jobType;
    if (seen.has(name)) throw new SettingsError("job types", name, "a different name for each job type; two have this one");
    seen.add(name);
    checkJobType(environment, jobType);
  }
}

function checkJobType({ name: environment, fargate }: Environment, jobType: JobType): void {
  const { name, container, scaling } = jobType;
  const setting = (what: string) => `job type ${JSON.stringify(name)}: ${what}`;
  if (name === PLATFORM_STACK) {
    throw new SettingsError(setting("name"), name, "any name but that of the platform's own stack");
  }
  const vcpus = container.cpu / UNITS_PER_VCPU;
  if (scaling.maxTasks * vcpus > fargate.maxVcpus) {
    throw new SettingsError(
      setting("scaling.maxTasks"),
      scaling.maxTasks,
      `at most ${Math.floor(fargate.maxVcpus / vcpus)} tasks of ${vcpus} vCPU, as fargate.maxVcpus of ${environment} is ${fargate.maxVcpus}`,
    );
  }
}
