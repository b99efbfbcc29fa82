import type { Job } from "./job.ts";
import { base32 } from "./job-id.ts";

/** How schedules are set up, by whoever makes them: Terraform, the add-job Lambda, the local platform. */

/**
 * How often EventBridge Scheduler tries to hand an event to the Lambda: as often, and for as long, as it can (24 hours; `RetryPolicy`). Then
 * the event goes to the dead-letter queue of schedules.
 */
export const SCHEDULE_RETRIES = { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 } as const;

/**
 * The name of a schedule that a job type declares. That of a job has an underscore and no full stop, so that policies tell the two kinds
 * apart.
 */
export function declaredScheduleName(jobType: string, schedule: string): string {
  return `${jobType}.${schedule}`;
}

/** Characters after the ID of a job: with the longest type's name a schedule's 64 (EventBridge Scheduler: CreateSchedule). */
const TIME_CHARACTERS = 5;

/**
 * The name of a job's schedule: the job's ID, and the second in which it is due. The characters of that come again after 388 days, and no
 * job is due so far ahead, so that a schedule is of one time from when it is made until it has run. Two requests under one idempotency key
 * that ask for other times make two schedules, and the one that is refused leaves the other's as it is.
 */
export function jobScheduleName({ id, runAt = "" }: Pick<Job, "id" | "runAt">): string {
  return `${id}${base32(BigInt(scheduledSecond(runAt)), TIME_CHARACTERS)}`;
}

/** The job whose schedule has this name. */
export function jobOfSchedule(name: string): string {
  return name.slice(0, -TIME_CHARACTERS);
}

/** The second in which a schedule runs, since 1970: expressions have whole ones. @param runAt ISO 8601 */
export function scheduledSecond(runAt: string): number {
  return Math.ceil(Date.parse(runAt) / 1_000);
}

/** Names of jobs' schedules, as a pattern of IAM. */
export const JOB_SCHEDULES = "*_*";

/** The owner of a schedule's jobs. No caller's owner begins so. */
export function scheduleOwner(jobType: string, schedule: string): string {
  return `schedule:${jobType}/${schedule}`;
}
