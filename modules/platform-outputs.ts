/** The name of the platform's stack; no job type may have it. */
export const PLATFORM_STACK = "platform";

/** What the platform's stack tells people and job types' stacks, by output name. */
export const PLATFORM_OUTPUTS = {
  api_endpoint: "URL of the HTTP API",
  jobs_table_name: "Name of the table of jobs",
  jobs_table_arn: "ARN of the table of jobs",
  job_types_table_name: "Name of the table in which job types register themselves",
  job_types_table_arn: "ARN of the table in which job types register themselves",
  job_events_topic_arn: "ARN of the topic that publishes every change of a job; subscribe here",
  results_bucket_name: "Name of the bucket of large inputs and results",
  results_bucket_arn: "ARN of the bucket of large inputs and results",
  key_arn: "ARN of the key that encrypts everything of the platform",
  cluster_name: "Name of the ECS cluster in which job types are services",
  cluster_arn: "ARN of the ECS cluster",
  subnet_ids: "IDs of the subnets in which tasks run",
  vpc_id: "ID of the VPC in which tasks run",
  task_security_group_id: "ID of the security group of the tasks",
  add_job_role_arn: "ARN of the role of the add-job Lambda, which may send to the queues",
  on_complete_role_arn: "ARN of the role of the Lambda that adds the jobs that follow batches, which may send to the queues",
  dead_letter_role_arn: "ARN of the role of the dead-letter Lambda, which receives dead letters",
  dead_letter_function_arn: "ARN of the Lambda that closes the jobs of dead letters",
  why_role_arn: "ARN of the role of the Lambda that tells why jobs wait, which may count the messages of the queues",
  schedule_role_arn: "ARN of the role of the schedule Lambda, which may send to the queues",
  schedule_function_arn: "ARN of the Lambda that schedules invoke",
  schedule_group_name: "Name of the group of all schedules",
  scheduler_role_arn: "ARN of the role that schedules invoke the schedule Lambda with",
  schedule_dead_letter_queue_arn: "ARN of the queue of what schedules could not do",
  alerts_topic_arn: "ARN of the topic that alarms publish to; subscribe the people on call here",
} as const;

/** Of an environment with `api.domain`, beside the others. */
export const DOMAIN_OUTPUT = {
  name: "api_domain_target",
  description: "Name that the DNS record of the API's domain points to",
} as const;

export type PlatformOutput = keyof typeof PLATFORM_OUTPUTS;
