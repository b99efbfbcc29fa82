import type { Resources } from "./resources.ts";

/** What Terraform tells the Lambdas and the containers, beyond what the SDK reads. */
export function commonEnvironment(resources: Resources): NodeJS.ProcessEnv {
  return {
    JOBS_TABLE_NAME: resources.jobsTableName,
    JOB_TYPES_TABLE_NAME: resources.jobTypesTableName,
    JOB_EVENTS_TOPIC_ARN: resources.eventsTopicArn,
    JOB_RESULTS_BUCKET: resources.resultsBucket,
  };
}

export function lambdaEnvironment(resources: Resources): NodeJS.ProcessEnv {
  return {
    ...commonEnvironment(resources),
    AWS_LAMBDA_FUNCTION_NAME: "autoscaling-job-queues",
    POWERTOOLS_SERVICE_NAME: "api",
  };
}

/** @param agent address of the ECS agent for this task. */
export function workerEnvironment(resources: Resources, jobType: string, agent: string): NodeJS.ProcessEnv {
  return {
    ...commonEnvironment(resources),
    JOB_TYPE: jobType,
    JOB_QUEUE_URL: resources.queues.get(jobType)?.url ?? "",
    ECS_AGENT_URI: agent,
  };
}
