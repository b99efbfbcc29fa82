import type { Deployment } from "@autoscaling-job-queues/domain/deployment-settings";
import { declaredEvent } from "@autoscaling-job-queues/domain/schedule-event";
import { declaredScheduleName, SCHEDULE_RETRIES } from "@autoscaling-job-queues/domain/schedule-settings";
import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule/index.js";
import { Construct } from "constructs";
import type { PlatformState } from "./platform-state.ts";
import { literal } from "./registry-item.ts";

interface JobSchedulesSettings {
  readonly jobType: string;
  readonly deployment: Pick<Deployment, "schedules" | "retired">;
  readonly platform: Pick<
    PlatformState,
    "keyArn" | "scheduleGroupName" | "scheduleFunctionArn" | "schedulerRoleArn" | "scheduleDeadLetterQueueArn"
  >;
}

/** The schedules that a job type declares, in the platform's group; each adds a job through the platform's schedule Lambda. */
export function createSchedules(scope: Construct, id: string, { jobType, deployment, platform }: JobSchedulesSettings): void {
  const parent = new Construct(scope, id);
  for (const schedule of deployment.schedules) {
    const { name, expression, timezone, enabled, flexibleMinutes } = schedule;
    new SchedulerSchedule(parent, name, {
      name: declaredScheduleName(jobType, name),
      groupName: platform.scheduleGroupName,
      description: `Adds a job of type ${jobType}: ${name}`,
      scheduleExpression: expression,
      scheduleExpressionTimezone: timezone,
      state: enabled && !deployment.retired ? "ENABLED" : "DISABLED",
      flexibleTimeWindow:
        flexibleMinutes === undefined ? { mode: "OFF" } : { mode: "FLEXIBLE", maximumWindowInMinutes: flexibleMinutes },
      kmsKeyArn: platform.keyArn,
      target: {
        arn: platform.scheduleFunctionArn,
        roleArn: platform.schedulerRoleArn,
        input: literal(JSON.stringify(declaredEvent(jobType, schedule))),
        retryPolicy: { ...SCHEDULE_RETRIES },
        deadLetterConfig: { arn: platform.scheduleDeadLetterQueueArn },
      },
    });
  }
}
