import { isJobId } from "./job-id.ts";

/** What EventBridge Scheduler invokes the schedule Lambda with: the input of a schedule's target. */
export type ScheduleEvent = DueJobEvent | DueScheduleEvent;

/** A job that was added for later is due. */
export interface DueJobEvent {
  readonly jobId: string;
  /** ISO 8601: the job's own. */
  readonly runAt: string;
  readonly groupId?: string;
}

/** A job of a schedule that a job type declares is to be added. */
export interface DueScheduleEvent {
  readonly schedule: string;
  readonly jobType: string;
  /** When it was to be added, ISO 8601: the same however late it is, and however often it comes. */
  readonly scheduledTime: string;
  readonly input: unknown;
  /** Whether it is left out while the schedule's job before it has not ended. */
  readonly skipWhileRunning: boolean;
}

/**
 * The event of a job for later as the input of its schedule's target. Whatever begins with `<aws.scheduler.` there, EventBridge Scheduler
 * puts something in its place, and callers choose groups: written like this, nothing does.
 */
export function dueJobInput(event: DueJobEvent): string {
  return JSON.stringify(event).replaceAll("<", "\\u003c");
}

/** Stands for the time of each invocation in a target's input (EventBridge Scheduler User Guide: context attributes). */
export const SCHEDULED_TIME = "<aws.scheduler.scheduled-time>";

export function isScheduleEvent(value: unknown): value is ScheduleEvent {
  const { jobId, runAt, schedule, jobType, scheduledTime } = (value ?? {}) as Record<string, unknown>;
  const isTime = (text: unknown): boolean => typeof text === "string" && !Number.isNaN(Date.parse(text));
  if (jobId !== undefined) return typeof jobId === "string" && isJobId(jobId) && isTime(runAt);
  return typeof schedule === "string" && typeof jobType === "string" && isTime(scheduledTime);
}

/** The event of a schedule that a job type declares. */
export function declaredEvent(
  jobType: string,
  { name, input, skipWhileRunning }: { readonly name: string; readonly input?: unknown; readonly skipWhileRunning: boolean },
): DueScheduleEvent {
  return { jobType, schedule: name, scheduledTime: SCHEDULED_TIME, input, skipWhileRunning };
}
