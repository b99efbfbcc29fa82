import { declaredEvent } from "@autoscaling-job-queues/domain/schedule-event";
import { declaredScheduleName } from "@autoscaling-job-queues/domain/schedule-settings";
import type { ScheduleSettings } from "./aws/schedules.ts";
import type { LocalDeployments } from "./deployments.ts";

/** The schedules that job types declare, by their names, as Terraform makes them. */
export function declaredSchedules({
  schedules,
  retired,
}: Pick<LocalDeployments, "schedules" | "retired">): ReadonlyMap<string, ScheduleSettings> {
  const made = [...schedules].flatMap(([jobType, declared]) =>
    declared.map((schedule): [string, ScheduleSettings] => [
      declaredScheduleName(jobType, schedule.name),
      {
        ScheduleExpression: schedule.expression,
        ScheduleExpressionTimezone: schedule.timezone,
        State: schedule.enabled && !retired.has(jobType) ? "ENABLED" : "DISABLED",
        Target: { Arn: "", RoleArn: "", Input: JSON.stringify(declaredEvent(jobType, schedule)) },
      },
    ]),
  );
  return new Map(made);
}
