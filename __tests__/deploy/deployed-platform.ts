import type { LambdaName } from "../../domain/routes.ts";
import type { Environment } from "../../environments/environment.ts";
import type { TaskProcess } from "../../local/aws/task-process.ts";
import { jobTypeNames } from "../../modules/names.ts";
import { PLATFORM_STACK } from "../../modules/platform-outputs.ts";
import { StandInEcsAgent } from "../support/stand-in-ecs-agent.ts";
import { type DeployedFunction, type DeployedRoute, deployedFunctions, deployedRoutes } from "./deployed-api.ts";
import { DeployedLambdas } from "./deployed-lambdas.ts";
import { deployedContainer, deployedService, startDeployedWorker } from "./deployed-service.ts";
import { type Deployment, deployedEnvironment } from "./deployment.ts";
import { type EmulatedAws, emulatedAws } from "./emulated-aws.ts";
import { type EventQueue, subscribeQueue } from "./event-queue.ts";

/** What was deployed, at work: everything about it is read back from AWS or from Terraform's outputs. */
export interface DeployedPlatform {
  readonly environment: Environment;
  readonly aws: EmulatedAws;
  readonly cluster: string;
  readonly functions: ReadonlyMap<LambdaName, DeployedFunction>;
  readonly routes: readonly DeployedRoute[];
  readonly lambdas: DeployedLambdas;
  readonly events: EventQueue;
  /** Names, URLs and ARNs of a job type. */
  readonly jobType: (name: string) => DeployedJobType;
  /** @param variables in place of those of its task definition: what names lead to elsewhere on AWS. */
  readonly startWorker: (jobType: string, variables?: Readonly<Record<string, string>>) => Promise<TaskProcess>;
  readonly stop: () => Promise<void>;
}

export interface DeployedJobType extends ReturnType<typeof jobTypeNames> {
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
}

/** @param environment where its stacks were applied to. */
export async function startDeployedPlatform(
  deployment: Deployment,
  environment: Environment = deployedEnvironment(deployment),
): Promise<DeployedPlatform> {
  const { endpoint, logFolder } = deployment;
  const aws = emulatedAws(endpoint, environment);
  const outputsOf = (stack: string) => deployment.outputs[stack] as Readonly<Record<string, string>>;
  const { api_endpoint = "", cluster_name: cluster = "", job_events_topic_arn = "" } = outputsOf(PLATFORM_STACK);
  const functions = await deployedFunctions(aws, environment);
  const routes = await deployedRoutes(aws, api_endpoint, functions);
  const runtime = { PATH: process.env.PATH, ...aws.variables };
  const lambdas = new DeployedLambdas({ functions, routes, runtime, logFolder });
  const events = await subscribeQueue(aws, job_events_topic_arn);
  const agent = new StandInEcsAgent();
  const fargate = { ...runtime, ECS_AGENT_URI: await agent.start() };
  const workers: TaskProcess[] = [];
  return {
    environment,
    aws,
    cluster,
    functions,
    routes,
    lambdas,
    events,
    jobType: (name) => {
      const { queue_url: queueUrl = "", dead_letter_queue_url: deadLetterQueueUrl = "" } = outputsOf(name);
      return { ...jobTypeNames(environment, name), queueUrl, deadLetterQueueUrl };
    },
    startWorker: async (jobType, elsewhere = {}) => {
      const container = await deployedContainer(aws, await deployedService(aws, cluster, jobType));
      const variables = await container.variables();
      const worker = startDeployedWorker(jobType, { variables: { ...variables, ...elsewhere }, fargate, logFolder });
      workers.push(worker);
      return worker;
    },
    stop: async () => {
      for (const worker of workers) worker.kill();
      await Promise.all([...workers.map(({ exit }) => exit), lambdas.stop(), events.stop(), agent.stop()]);
      aws.destroy();
    },
  };
}
