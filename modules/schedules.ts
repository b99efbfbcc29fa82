import { environmentVariables, type ScheduleVariables } from "@autoscaling-job-queues/domain/environment";
import type { LambdaName } from "@autoscaling-job-queues/domain/routes";
import { JOB_SCHEDULES } from "@autoscaling-job-queues/domain/schedule-settings";
import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping/index.js";
import { SchedulerScheduleGroup } from "@cdktf/provider-aws/lib/scheduler-schedule-group/index.js";
import { Construct } from "constructs";
import type { Environment } from "../environments/environment.ts";
import { FailedEvents } from "./failed-events.ts";
import { keyUseStatements } from "./key-use.ts";
import type { PlatformArns } from "./lambda-policies.ts";
import { arnOf, platformNames } from "./names.ts";
import type { PolicyStatement } from "./policy-document.ts";
import { holdsState } from "./protection.ts";
import { ServiceRole } from "./service-role.ts";

/** Events that the Lambda takes from the dead-letter queue at a time. */
const DEAD_LETTER_BATCH = 10;

/**
 * What all schedules share: their group, the role that they invoke the schedule Lambda with, and the queue of what they could not do. The
 * Lambda polls that queue, so that what is due is tried for as long as the queue keeps it. Jobs' schedules name the role, the Lambda, the
 * queue and the key for as long as a year: another name for one of them would have them fail (docs/deploy.md, Change the roles).
 */
export class Schedules extends Construct {
  readonly group: string;
  readonly arns: Pick<PlatformArns, "jobSchedules" | "schedulerRole" | "scheduleDeadLetters">;
  readonly #variables: ScheduleVariables;
  readonly #deadLetters: FailedEvents;

  constructor(scope: Construct, id: string, environment: Environment, keyArn: string) {
    super(scope, id);
    const names = platformNames(environment);
    const targetArn = arnOf(environment, "lambda", `function:${names.lambda("schedule")}`);
    const group = new SchedulerScheduleGroup(this, "group", { name: names.scheduleGroup });
    // The schedules of jobs that are due later are in it, and in no Terraform.
    holdsState(group, "schedule_group", environment);
    this.#deadLetters = new FailedEvents(this, "dead-letters", environment, {
      name: names.scheduleDeadLetters,
      logicalId: "schedule_dead_letter_queue",
      keyArn,
    });
    const role = new ServiceRole(this, "role", environment, {
      name: "scheduler",
      description: `Schedules of ${names.scheduleGroup}`,
      service: "scheduler.amazonaws.com",
      // The source that the scheduler names is the group (EventBridge Scheduler User Guide: confused deputy prevention).
      condition: { StringEquals: { "aws:SourceAccount": environment.accountId, "aws:SourceArn": group.arn } },
      statements: schedulerStatements(environment, { targetArn, deadLettersArn: this.#deadLetters.arn, keyArn }),
    });
    this.group = group.name;
    this.arns = {
      jobSchedules: arnOf(environment, "scheduler", `schedule/${names.scheduleGroup}/${JOB_SCHEDULES}`),
      schedulerRole: role.arn,
      scheduleDeadLetters: this.#deadLetters.arn,
    };
    this.#variables = {
      scheduleGroup: group.name,
      scheduleTargetArn: targetArn,
      scheduleRoleArn: role.arn,
      scheduleDeadLettersArn: this.#deadLetters.arn,
      scheduleKeyArn: keyArn,
    };
  }

  /** What a Lambda is told of schedules: nothing, unless it makes them or deletes them. */
  variables(lambda: LambdaName): Record<string, string> {
    if (lambda === "add-job") return environmentVariables(this.#variables);
    return lambda === "cancel-job" ? environmentVariables({ scheduleGroup: this.group }) : {};
  }

  /** Has the Lambda try again what failed. */
  poll(functionArn: string): void {
    new LambdaEventSourceMapping(this, "dead-letter-mapping", {
      eventSourceArn: this.#deadLetters.arn,
      functionName: functionArn,
      batchSize: DEAD_LETTER_BATCH,
      functionResponseTypes: ["ReportBatchItemFailures"],
    });
  }
}

/** What the scheduler does with a schedule: read its input, invoke the Lambda, and keep what it cannot. */
function schedulerStatements(
  environment: Environment,
  { targetArn, deadLettersArn, keyArn }: { readonly targetArn: string; readonly deadLettersArn: string; readonly keyArn: string },
): PolicyStatement[] {
  const schedules = arnOf(environment, "scheduler", `schedule/${platformNames(environment).scheduleGroup}/*`);
  return [
    { sid: "InvokeTheScheduleLambda", actions: ["lambda:InvokeFunction"], resources: [targetArn] },
    { sid: "KeepWhatFailed", actions: ["sqs:SendMessage"], resources: [deadLettersArn] },
    {
      sid: "DecryptSchedules",
      actions: ["kms:Decrypt"],
      resources: [keyArn],
      condition: { ArnLike: { "kms:EncryptionContext:aws:scheduler:schedule:arn": schedules } },
    },
    ...keyUseStatements(keyArn, environment.region, { decrypt: ["sqs"], generateDataKey: ["sqs"] }),
  ];
}
