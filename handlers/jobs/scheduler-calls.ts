import { callSettings } from "@autoscaling-job-queues/domain/clients";
import { readEnvironment, SCHEDULE_SETTINGS } from "@autoscaling-job-queues/domain/environment";
import { SCHEDULE_RETRIES } from "@autoscaling-job-queues/domain/schedule-settings";
import {
  ConflictException,
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  ResourceNotFoundException,
  SchedulerClient,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";

/** A schedule that runs once. */
export interface OneTimeSchedule {
  readonly name: string;
  /** In UTC, `yyyy-mm-ddThh:mm:ss`. */
  readonly at: string;
  /** What the Lambda is invoked with, as JSON. */
  readonly input: string;
}

/** EventBridge Scheduler's side of later jobs. */
export interface SchedulerCalls {
  /** @returns false where there is a schedule of this name. */
  readonly create: (schedule: OneTimeSchedule) => Promise<boolean>;
  /** @returns false where there is none. */
  readonly update: (schedule: OneTimeSchedule) => Promise<boolean>;
  /** Deletes the schedule of this name, if there is one. */
  readonly delete: (name: string) => Promise<void>;
}

/** @throws SettingsError when first used, where the environment says nothing of schedules. */
export function schedulerCalls(): SchedulerCalls {
  const client = new SchedulerClient(callSettings());
  return {
    create: async (schedule) => await unless(ConflictException, client.send(new CreateScheduleCommand(settings(schedule)))),
    update: async (schedule) =>
      await unless(ResourceNotFoundException, client.send(new UpdateScheduleCommand(settings(schedule)))),
    delete: async (Name) => {
      const { scheduleGroup: GroupName } = readEnvironment(["scheduleGroup"]);
      await unless(ResourceNotFoundException, client.send(new DeleteScheduleCommand({ Name, GroupName })));
    },
  };
}

function settings({ name, at, input }: OneTimeSchedule): CreateScheduleCommandInput {
  const environment = readEnvironment(SCHEDULE_SETTINGS);
  return {
    Name: name,
    GroupName: environment.scheduleGroup,
    ScheduleExpression: `at(${at})`,
    ScheduleExpressionTimezone: "UTC",
    FlexibleTimeWindow: { Mode: "OFF" },
    ActionAfterCompletion: "DELETE",
    KmsKeyArn: environment.scheduleKeyArn,
    Target: {
      Arn: environment.scheduleTargetArn,
      RoleArn: environment.scheduleRoleArn,
      Input: input,
      RetryPolicy: {
        MaximumEventAgeInSeconds: SCHEDULE_RETRIES.maximumEventAgeInSeconds,
        MaximumRetryAttempts: SCHEDULE_RETRIES.maximumRetryAttempts,
      },
      DeadLetterConfig: { Arn: environment.scheduleDeadLettersArn },
    },
  };
}

async function unless(expected: new (...parameters: never[]) => Error, call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (error instanceof expected) return false;
    throw error;
  }
}
