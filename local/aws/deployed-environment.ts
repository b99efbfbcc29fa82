import { environmentVariables } from "@autoscaling-job-queues/domain/environment";
import type { Resources } from "./resources.ts";

/** What Terraform tells the Lambdas. A choice, such as `JOBS_ACCESS`, is taken from the environment that the platform is started in. */
export function lambdaEnvironment({
  jobsTableName,
  jobTypesTableName,
  eventsTopicArn,
  resultsBucket,
}: Pick<Resources, "jobsTableName" | "jobTypesTableName" | "eventsTopicArn" | "resultsBucket">): NodeJS.ProcessEnv {
  return {
    ...environmentVariables({ jobsTableName, jobTypesTableName, eventsTopicArn, resultsBucket }),
    AWS_LAMBDA_FUNCTION_NAME: "autoscaling-job-queues",
    POWERTOOLS_SERVICE_NAME: "api",
  };
}

/** What Terraform tells a container. @param agent address of the ECS agent for this task. */
export function workerEnvironment(
  {
    jobsTableName,
    eventsTopicArn,
    resultsBucket,
    queues,
  }: Pick<Resources, "jobsTableName" | "eventsTopicArn" | "resultsBucket" | "queues">,
  jobType: string,
  agent: string,
): NodeJS.ProcessEnv {
  const queueUrl = queues.get(jobType)?.url ?? "";
  return {
    ...environmentVariables({ jobsTableName, eventsTopicArn, resultsBucket, jobType, queueUrl }),
    ECS_AGENT_URI: agent,
  };
}
