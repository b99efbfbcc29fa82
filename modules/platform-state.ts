import type { TerraformStack } from "cdktf";
import type { Environment } from "../environments/environment.ts";
import { stateOf } from "./backend.ts";
import { PLATFORM_OUTPUTS, PLATFORM_STACK, type PlatformOutput } from "./platform-outputs.ts";

/** What a job type's stack reads of the platform's, by named outputs in its remote state. */
export interface PlatformState {
  readonly jobsTableName: string;
  readonly jobsTableArn: string;
  readonly jobTypesTableName: string;
  readonly jobTypesTableArn: string;
  readonly eventsTopicArn: string;
  readonly resultsBucketName: string;
  readonly resultsBucketArn: string;
  readonly keyArn: string;
  readonly clusterName: string;
  readonly clusterArn: string;
  readonly subnetIds: string[];
  readonly vpcId: string;
  readonly taskSecurityGroupId: string;
  readonly addJobRoleArn: string;
  readonly onCompleteRoleArn: string;
  readonly deadLetterRoleArn: string;
  readonly deadLetterFunctionArn: string;
  readonly whyRoleArn: string;
  readonly scheduleRoleArn: string;
  readonly scheduleFunctionArn: string;
  readonly scheduleGroupName: string;
  readonly schedulerRoleArn: string;
  readonly scheduleDeadLetterQueueArn: string;
  readonly alertsTopicArn: string;
}

/** Reads the platform's outputs, so that a job type is planned and applied alone, against whatever platform is there. */
export function readPlatform(stack: TerraformStack, environment: Environment): PlatformState {
  const state = stateOf(stack, PLATFORM_STACK, environment);
  state.addOverride("lifecycle", { postcondition: [hasOutputs(environment.name)] });
  const text = (name: PlatformOutput): string => state.getString(name);
  return {
    jobsTableName: text("jobs_table_name"),
    jobsTableArn: text("jobs_table_arn"),
    jobTypesTableName: text("job_types_table_name"),
    jobTypesTableArn: text("job_types_table_arn"),
    eventsTopicArn: text("job_events_topic_arn"),
    resultsBucketName: text("results_bucket_name"),
    resultsBucketArn: text("results_bucket_arn"),
    keyArn: text("key_arn"),
    clusterName: text("cluster_name"),
    clusterArn: text("cluster_arn"),
    subnetIds: state.getList("subnet_ids" satisfies PlatformOutput),
    vpcId: text("vpc_id"),
    taskSecurityGroupId: text("task_security_group_id"),
    addJobRoleArn: text("add_job_role_arn"),
    onCompleteRoleArn: text("on_complete_role_arn"),
    deadLetterRoleArn: text("dead_letter_role_arn"),
    deadLetterFunctionArn: text("dead_letter_function_arn"),
    whyRoleArn: text("why_role_arn"),
    scheduleRoleArn: text("schedule_role_arn"),
    scheduleFunctionArn: text("schedule_function_arn"),
    scheduleGroupName: text("schedule_group_name"),
    schedulerRoleArn: text("scheduler_role_arn"),
    scheduleDeadLetterQueueArn: text("schedule_dead_letter_queue_arn"),
    alertsTopicArn: text("alerts_topic_arn"),
  };
}

/**
 * Says which outputs are not there yet, where Terraform would complain of each use of each: the platform was applied by an older version,
 * or not to its end. (Where it was never applied there is no state, and Terraform reads nothing that a condition could be about.)
 */
function hasOutputs(environment: string) {
  const missing = `setsubtract(${JSON.stringify(Object.keys(PLATFORM_OUTPUTS))}, keys(self.outputs))`;
  return {
    condition: `\${length(${missing}) == 0}`,
    error_message:
      `The platform of ${environment} does not have these outputs yet: \${join(", ", ${missing})}. ` +
      `Apply its stack, ${PLATFORM_STACK}, from this version of the code, and then plan this one again.`,
  };
}
