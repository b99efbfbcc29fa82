import { environmentVariables, type ScheduleVariables } from "@autoscaling-job-queues/domain/environment";
import type { Resources } from "./resources.ts";
import { SCHEDULE_GROUP } from "./scheduler.ts";

const arn = (service: string, resource: string): string => `arn:aws:${service}:us-east-1:000000000000:${resource}`;

/** What Terraform tells the Lambda that makes schedules. The scheduler here knows one target, and needs no rights. */
const SCHEDULES: ScheduleVariables = {
  scheduleGroup: SCHEDULE_GROUP,
  scheduleTargetArn: arn("lambda", "function:schedule"),
  scheduleRoleArn: "arn:aws:iam::000000000000:role/scheduler",
  scheduleDeadLettersArn: arn("sqs", "local-schedules-failed"),
  scheduleKeyArn: arn("kms", "key/00000000-0000-0000-0000-000000000000"),
};

/**
 * What Terraform tells the Lambdas. A choice, such as `JOBS_ACCESS`, is taken from the environment that the platform is started in.
 *
 * @param scheduler address of EventBridge Scheduler; always ours, as the Lambdas that it invokes are here.
 * @param scaling address of Application Auto Scaling; always ours, as the services are here.
 * @param cloudWatch address of CloudWatch; always ours, as what is measured is here.
 */
export function lambdaEnvironment(
  {
    jobsTableName,
    jobTypesTableName,
    eventsTopicArn,
    resultsBucket,
  }: Pick<Resources, "jobsTableName" | "jobTypesTableName" | "eventsTopicArn" | "resultsBucket">,
  scheduler?: string,
  scaling?: string,
  cloudWatch?: string,
): NodeJS.ProcessEnv {
  return {
    ...environmentVariables({ jobsTableName, jobTypesTableName, eventsTopicArn, resultsBucket, ...SCHEDULES }),
    ...(scheduler === undefined ? {} : { AWS_ENDPOINT_URL_SCHEDULER: scheduler }),
    ...(scaling === undefined ? {} : { AWS_ENDPOINT_URL_APPLICATION_AUTO_SCALING: scaling }),
    ...(cloudWatch === undefined ? {} : { AWS_ENDPOINT_URL_CLOUDWATCH: cloudWatch }),
    AWS_LAMBDA_FUNCTION_NAME: "autoscaling-job-queues",
    POWERTOOLS_SERVICE_NAME: "api",
  };
}

/** From the end of a job to the end of its task's protection, on AWS, and the least anywhere: a stream of jobs has short pauses. */
const PROTECTION_IDLE_SECONDS = { aws: 5, least: 0.5 } as const;

/**
 * What Terraform tells a container, and what follows from the speed of the alarms.
 *
 * @param agent address of the ECS agent for this task.
 * @param speed how much faster than AWS's the clock of the alarms runs.
 */
export function workerEnvironment(
  {
    jobsTableName,
    jobTypesTableName,
    eventsTopicArn,
    resultsBucket,
    queues,
  }: Pick<Resources, "jobsTableName" | "jobTypesTableName" | "eventsTopicArn" | "resultsBucket" | "queues">,
  jobType: string,
  agent: string,
  speed = 1,
): NodeJS.ProcessEnv {
  const queueUrl = queues.get(jobType)?.url ?? "";
  const { aws, least } = PROTECTION_IDLE_SECONDS;
  return {
    ...environmentVariables({ jobsTableName, jobTypesTableName, eventsTopicArn, resultsBucket, jobType, queueUrl }),
    ECS_AGENT_URI: agent,
    ...(speed <= 1 ? {} : environmentVariables({ protectionIdleSeconds: String(Math.max(least, aws / speed)) })),
  };
}
