/** How schedules are set up, by whoever makes them: Terraform, the add-job Lambda, the local platform. */

/**
 * How often EventBridge Scheduler tries to hand an event to the Lambda: as often, and for as long, as it can (24 hours; `RetryPolicy`). Then
 * the event goes to the dead-letter queue of schedules.
 */
export const SCHEDULE_RETRIES = { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 } as const;

/**
 * The name of a schedule that a job type declares. A job's is named as its ID, which has an underscore and no full stop, so that policies
 * tell the two kinds apart.
 */
export function declaredScheduleName(jobType: string, schedule: string): string {
  return `${jobType}.${schedule}`;
}

/** Names of jobs' schedules, as a pattern of IAM. */
export const JOB_SCHEDULES = "*_*";

/** The owner of a schedule's jobs. No caller's owner begins so. */
export function scheduleOwner(jobType: string, schedule: string): string {
  return `schedule:${jobType}/${schedule}`;
}
