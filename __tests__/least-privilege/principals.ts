import { LAMBDAS } from "../../domain/routes.ts";
import type { Principal } from "./access.ts";
import type { DeployedResource, Deployment } from "./deployment.ts";
import { JOB_TYPES } from "./synthesized-deployment.ts";

/** The principal of the calls that the mapping of a dead-letter queue makes: it polls with the role of its function. */
export const MAPPING = "dead-letter-mapping";
/** The principal of what the scheduler does for a schedule, with the role that it was given. */
export const SCHEDULES = "schedules";
/** API Gateway, which invokes functions in its own name. */
export const API_GATEWAY = "apigateway";
/** SNS, which calls the functions that are subscribed. */
export const SNS = "sns";
/** People and pipelines of the account that apply the Terraform; no policy of it is about them. */
export const ADMINISTRATOR = "administrator";

export const workerOf = (jobType: string): string => `worker-${jobType}`;
export const executionOf = (jobType: string): string => `execution-${jobType}`;

/** Who acts, by the name that the tests give them; in an emulated deployment it is the access key that they sign with. */
export function principalsOf(deployment: Deployment): ReadonlyMap<string, Principal> {
  const roleIn = ({ stack, attributes }: DeployedResource, attribute: string): Principal => ({
    role: deployment.resolve(stack, attributes[attribute]).split("/").at(-1) ?? "",
  });
  const lambda = (name: string) => deployment.resource("platform", "aws_lambda_function", name);
  const definition = (jobType: string) => deployment.resource(jobType, "aws_ecs_task_definition");
  return new Map<string, Principal>([
    ...LAMBDAS.map((name) => [name, roleIn(lambda(name), "role")] as const),
    [MAPPING, roleIn(lambda("dead-letter"), "role")],
    ...JOB_TYPES.map(({ name }) => [workerOf(name), roleIn(definition(name), "task_role_arn")] as const),
    ...JOB_TYPES.map(({ name }) => [executionOf(name), roleIn(definition(name), "execution_role_arn")] as const),
    [SCHEDULES, { role: deployment.resource("platform", "aws_iam_role", "schedules_role").attributes.name as string }],
    ["flow-logs", roleIn(deployment.resource("platform", "aws_flow_log"), "iam_role_arn")],
    [ADMINISTRATOR, { role: ADMINISTRATOR }],
    [API_GATEWAY, { service: "apigateway.amazonaws.com" }],
    [SNS, { service: "sns.amazonaws.com" }],
    ["cloudwatch", { service: "cloudwatch.amazonaws.com" }],
    ["ecs-tasks", { service: "ecs-tasks.amazonaws.com" }],
    ["lambda", { service: "lambda.amazonaws.com" }],
    ["logs", { service: `logs.${deployment.environment.region}.amazonaws.com` }],
    ["scheduler", { service: "scheduler.amazonaws.com" }],
    ["vpc-flow-logs", { service: "vpc-flow-logs.amazonaws.com" }],
  ]);
}
