import type { Pause } from "@autoscaling-job-queues/domain/controls";
import type { RegisteredSchedule, RegistryEntry } from "@autoscaling-job-queues/domain/job-type-registry";
import type { scheduleExpression } from "@autoscaling-job-queues/domain/schedule-expression";

/** A job type, as callers are told of it. @param now epoch milliseconds. */
export async function describeJobType(
  { name, description, inputSchema, files = {}, schedules = [], ...entry }: RegistryEntry,
  paused: Pause | undefined,
  now: number,
) {
  const { timeoutSeconds, maxAttempts, concurrency, maxTasks } = entry;
  return {
    name,
    description,
    inputSchema,
    files,
    limits: { timeoutSeconds, maxAttempts, concurrency, maxTasks },
    schedules: await Promise.all(schedules.map((schedule) => describeSchedule(schedule, now))),
    ...(entry.retired === true ? { retired: true } : {}),
    ...(paused === undefined ? {} : { paused }),
  };
}

/**
 * With its next time, where it has one; when a rate began, AWS alone knows. Nor has one whose type was deployed by a version that knows more
 * expressions or time zones than this one: no type's entry keeps callers from all others. The library for it is loaded when first used.
 */
async function describeSchedule(schedule: RegisteredSchedule, now: number) {
  const { name, expression, timezone, enabled, flexibleMinutes, skipWhileRunning } = schedule;
  const { scheduleExpression } = await import("@autoscaling-job-queues/domain/schedule-expression");
  const next = enabled ? nextTime(scheduleExpression, schedule, now) : undefined;
  return {
    name,
    expression,
    timezone,
    enabled,
    skipWhileRunning,
    ...(flexibleMinutes === undefined ? {} : { flexibleMinutes }),
    ...(next === undefined ? {} : { nextRunAt: new Date(next).toISOString() }),
  };
}

function nextTime(
  read: typeof scheduleExpression,
  { expression, timezone }: Pick<RegisteredSchedule, "expression" | "timezone">,
  now: number,
): number | undefined {
  try {
    return read(expression, timezone).next(now);
  } catch {
    return undefined;
  }
}
