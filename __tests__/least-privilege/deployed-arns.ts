import type { LambdaName } from "../../domain/routes.ts";
import { arnOf } from "../../modules/names.ts";
import { ref } from "../modules/synthesized.ts";
import type { Deployment } from "./deployment.ts";

/** No key of this Terraform's. */
const SECRETS_KEY = "arn:aws:kms:us-east-1:000000000000:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f";

/** The ARNs of a deployment, by what they are. */
export function arnsOf(deployment: Deployment) {
  const { environment } = deployment;
  const arn = (stack: string, type: string, id = ""): string => deployment.resource(stack, type, id).arn ?? "";
  const platform = (type: string, id = ""): string => arn("platform", type, id);
  const cluster: string = deployment.resource("platform", "aws_ecs_cluster").attributes.name;
  const scheduleGroup: string = deployment.resource("platform", "aws_scheduler_schedule_group").attributes.name;
  return {
    account: environment.accountId,
    jobs: platform("aws_dynamodb_table", "jobs_table"),
    jobTypes: platform("aws_dynamodb_table", "job_types_table"),
    events: platform("aws_sns_topic", "job_events_topic"),
    alerts: platform("aws_sns_topic", "alerts_topic"),
    batchEventsFailed: platform("aws_sqs_queue", "batch_events_failed"),
    bucket: platform("aws_s3_bucket", "results_bucket"),
    key: platform("aws_kms_key"),
    api: deployment.resolve("platform", ref("aws_apigatewayv2_api.http-api_api.execution_arn")),
    lambda: (name: LambdaName) => platform("aws_lambda_function", name),
    lambdaLogs: (name: LambdaName) => platform("aws_cloudwatch_log_group", `${name}_logs`),
    flowLogs: platform("aws_cloudwatch_log_group", "flow-log"),
    role: (stack: string, id: string) => arn(stack, "aws_iam_role", id),
    queue: (jobType: string) => arn(jobType, "aws_sqs_queue", "queue"),
    deadLetters: (jobType: string) => arn(jobType, "aws_sqs_queue", "dead_letter_queue"),
    repository: (jobType: string) => arn(jobType, "aws_ecr_repository"),
    workerLogs: (jobType: string) => arn(jobType, "aws_cloudwatch_log_group"),
    service: (jobType: string) => arnOf(environment, "ecs", `service/${cluster}/${jobType}`),
    cluster: platform("aws_ecs_cluster"),
    /** The bucket that the example reads, which is no part of the platform. */
    orders: `arn:aws:s3:::${deployment.container("order-totals").variables.ORDERS_BUCKET}`,
    /** What ECS reads for the tasks of a job type, as their definition names it. */
    secrets: (jobType: string): readonly string[] => Object.values(deployment.container(jobType).secrets),
    /** A key of the account that the secrets are encrypted with. */
    secretsKey: SECRETS_KEY,
    /** A schedule in the platform's group, by its name. */
    schedule: (name: string) => arnOf(environment, "scheduler", `schedule/${scheduleGroup}/${name}`),
    scheduleGroup: platform("aws_scheduler_schedule_group"),
    scheduleDeadLetters: platform("aws_sqs_queue", "schedule_dead_letter_queue"),
    /** Of Fargate's, as the simulator wants one where AWS asks for all. */
    noInstance: arnOf(environment, "ecs", `container-instance/${cluster}/none`),
    metrics: arnOf(environment, "cloudwatch", "dataset/default"),
    task: arnOf(environment, "ecs", `task/${cluster}/0123456789abcdef`),
    /** What scales a service, whose ID is AWS's. */
    scalableTarget: arnOf(environment, "application-autoscaling", "scalable-target/0ec5"),
    /** Of the account, but no part of the platform. */
    elsewhere: (service: string, resource: string) => arnOf(environment, service, resource),
  };
}

export type Arns = ReturnType<typeof arnsOf>;

/** Parts of a secret's ARN. ECS takes a JSON key, a stage and a version after them. */
const SECRET_PARTS = 7;

/** The secret, or the parameter, that a task definition names. */
export function secretArn(valueFrom: string): string {
  return valueFrom.split(":").slice(0, SECRET_PARTS).join(":");
}
