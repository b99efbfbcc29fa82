import type { Deployment } from "./deployment-settings.ts";
import { inputSchema } from "./input-schema.ts";
import type { JobType, ScalingSettings } from "./job-type.ts";
import type { RegisteredSchedule, RegistryEntry } from "./job-type-registry.ts";
import { scaleOutCapacities } from "./scale-out-capacities.ts";

/** Where the jobs of a type go. */
export interface JobTypePlace {
  readonly queueUrl: string;
  readonly cluster: string;
  readonly service: string;
  /** How much faster than AWS's the clock of the alarms runs. @default 1 */
  readonly speed?: number;
  /** Whether it takes no more jobs. @default false */
  readonly retired?: boolean;
  /** That add its jobs. @default none */
  readonly schedules?: Deployment["schedules"];
}

/**
 * SQS's metrics are samples: a short job may fall between two, and the empty alarm set 0 right after it. So a Lambda never
 * trusts for long that a service it saw awake still is.
 */
const MAX_RECHECK_SECONDS = 30;

/**
 * How many messages wait is read at most so often by each Lambda instance, and on average in three fifths of it. So the right number of tasks is
 * asked for within 10 s while jobs come, by two looks, and a read is one of hundreds of calls of a busy instance.
 */
export const LOOK_SECONDS = 5;

/** For how long a Lambda instance trusts a count that it saw: six times within the idle time, after which the empty alarm may set 0. */
export function recheckSeconds({ idleMinutes }: Pick<ScalingSettings, "idleMinutes">): number {
  return Math.min(MAX_RECHECK_SECONDS, (idleMinutes * 60) / 6);
}

/** What a job type registers: its settings that callers and the API need, with the input schema as JSON Schema. */
export function registryEntry(
  jobType: JobType,
  { queueUrl, cluster, service, speed = 1, retired = false, schedules = [] }: JobTypePlace,
): RegistryEntry {
  return {
    name: jobType.name,
    description: jobType.description,
    inputSchema: inputSchema(jobType.input),
    ...(Object.keys(jobType.files).length === 0 ? {} : { files: jobType.files }),
    queueUrl,
    maxAttempts: jobType.maxAttempts,
    timeoutSeconds: jobType.timeoutSeconds,
    concurrency: jobType.concurrency,
    maxTasks: jobType.scaling.maxTasks,
    isolation: jobType.isolation,
    wake: {
      cluster,
      service,
      recheckSeconds: recheckSeconds(jobType.scaling) / speed,
      lookSeconds: LOOK_SECONDS / speed,
      backlogPerTask: jobType.scaling.backlogPerTask,
      capacities: scaleOutCapacities(jobType.scaling),
    },
    ...(schedules.length === 0 ? {} : { schedules: schedules.map((schedule) => registeredSchedule(schedule, retired)) }),
    ...(retired ? { retired } : {}),
    ...(jobType.listPartitions === 1 ? {} : { listPartitions: jobType.listPartitions }),
  };
}

/** Its input is nothing for callers. */
function registeredSchedule({ input: _, ...schedule }: Deployment["schedules"][number], retired: boolean): RegisteredSchedule {
  return { ...schedule, enabled: schedule.enabled && !retired };
}
