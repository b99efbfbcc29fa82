import { SettingsError } from "./errors.ts";
import type { ContainerSettings, JobType, RetrySettings, ScalingSettings } from "./job-type.ts";
import { isJobTypeName, JOB_TYPE_NAME_RULE } from "./job-type-name.ts";
import { MAX_TIMEOUT_SECONDS, QUEUE_RETENTION_DAYS } from "./limits.ts";
import { type SettingNames, unknownSetting } from "./unknown-setting.ts";

interface Range {
  readonly min: number;
  readonly max: number;
  /** Where the bound comes from, or what it is for. */
  readonly source: string;
}

/** Whole numbers that a job type sets, with their ranges. */
const RANGES: Readonly<Record<string, Range>> = {
  timeoutSeconds: {
    min: 1,
    max: MAX_TIMEOUT_SECONDS,
    source: `a week: a job must end well within the ${QUEUE_RETENTION_DAYS} days its message lives`,
  },
  maxAttempts: { min: 1, max: 50, source: "the queue's redrive backstop is 100 receives" },
  concurrency: { min: 1, max: 100, source: "beyond it, add tasks" },
  graceSeconds: { min: 0, max: 60, source: "Fargate kills a task 120 s after SIGTERM" },
  leaseSeconds: { min: 3, max: 3_600, source: "renewed three times as often" },
  "retry.baseSeconds": { min: 0, max: 43_200, source: "SQS visibility timeout" },
  "retry.maxSeconds": { min: 0, max: 43_200, source: "SQS visibility timeout" },
  "scaling.scaleOutDepth": { min: 1, max: 1_000_000, source: "1 starts the first task with the first message" },
  "scaling.maxTasks": { min: 1, max: 5_000, source: "ECS: 5,000 tasks per service" },
  "scaling.backlogPerTask": { min: 1, max: 1_000_000, source: "messages per task" },
  "scaling.idleMinutes": { min: 1, max: 1_440, source: "an alarm covers at most one day" },
};

const NAMES: SettingNames<JobType> = {
  name: true,
  description: true,
  input: true,
  timeoutSeconds: true,
  maxAttempts: true,
  concurrency: true,
  isolation: true,
  command: true,
  graceSeconds: true,
  leaseSeconds: true,
  retry: true,
  container: true,
  scaling: true,
};
const RETRY_NAMES: SettingNames<RetrySettings> = { baseSeconds: true, maxSeconds: true };
const CONTAINER_NAMES: SettingNames<ContainerSettings> = { cpu: true, memoryMiB: true };
const SCALING_NAMES: SettingNames<ScalingSettings> = {
  scaleOutDepth: true,
  maxTasks: true,
  backlogPerTask: true,
  idleMinutes: true,
};

/** Memory in MiB that Fargate offers for each CPU size (Amazon ECS: task size). */
const FARGATE_MEMORY: Readonly<Record<number, readonly number[]>> = {
  256: [512, 1024, 2048],
  512: gibibytes(1, 4),
  1024: gibibytes(2, 8),
  2048: gibibytes(4, 16),
  4096: gibibytes(8, 30),
  8192: gibibytes(16, 60, 4),
  16384: gibibytes(32, 120, 8),
};

const ISOLATIONS = ["thread", "inline", "process"];

/**
 * Checks every setting of a job type against its limit, and that there are no others.
 *
 * @throws SettingsError for the first setting that is unknown or out of range.
 */
export function validateJobTypeSettings(jobType: JobType): void {
  const prefix = typeof jobType.name === "string" ? `job type ${JSON.stringify(jobType.name)}: ` : "job type: ";
  const check = (valid: boolean, setting: string, given: unknown, allowed: string): void => {
    if (!valid) throw new SettingsError(`${prefix}${setting}`, given, allowed);
  };
  check(typeof jobType.name === "string" && isJobTypeName(jobType.name), "name", jobType.name, JOB_TYPE_NAME_RULE);
  const unknown =
    unknownSetting("", jobType, NAMES) ??
    unknownSetting("retry", jobType.retry, RETRY_NAMES) ??
    unknownSetting("container", jobType.container, CONTAINER_NAMES) ??
    unknownSetting("scaling", jobType.scaling, SCALING_NAMES);
  if (unknown !== undefined) check(false, unknown.setting, unknown.given, unknown.allowed);
  check(isText(jobType.description, 256), "description", jobType.description, "a sentence of 1 to 256 characters");
  check(typeof jobType.input?.safeParse === "function", "input", typeof jobType.input, "a zod schema");
  for (const [setting, { min, max, source }] of Object.entries(RANGES)) {
    const value = at(jobType, setting);
    check(
      Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
      setting,
      value,
      `a whole number from ${min} to ${max} (${source})`,
    );
  }
  check(
    jobType.retry.maxSeconds >= jobType.retry.baseSeconds,
    "retry.maxSeconds",
    jobType.retry.maxSeconds,
    `at least retry.baseSeconds, which is ${jobType.retry.baseSeconds}`,
  );
  check(ISOLATIONS.includes(jobType.isolation), "isolation", jobType.isolation, ISOLATIONS.join(", "));
  const { cpu, memoryMiB } = jobType.container;
  const memories = FARGATE_MEMORY[cpu];
  check(memories !== undefined, "container.cpu", cpu, `one of Fargate's sizes: ${Object.keys(FARGATE_MEMORY).join(", ")}`);
  check(
    memories?.includes(memoryMiB) ?? false,
    "container.memoryMiB",
    memoryMiB,
    `for ${cpu} CPU units: ${memories?.join(", ")}`,
  );
  const { command } = jobType;
  if (jobType.isolation === "process") {
    check(
      Array.isArray(command) && command.length > 0 && command.every((part) => isText(part, 4_096)),
      "command",
      command,
      'a program and its arguments, such as ["sh", "job.sh"], when isolation is "process"',
    );
  } else {
    check(command === undefined, "command", command, 'nothing, unless isolation is "process"');
  }
}

function isText(value: unknown, longest: number): boolean {
  return typeof value === "string" && value.trim() !== "" && value.length <= longest;
}

function at(settings: object, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], settings);
}

function gibibytes(from: number, to: number, step = 1): number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, index) => (from + index * step) * 1024);
}
