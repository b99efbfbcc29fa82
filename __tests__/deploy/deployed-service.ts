import path from "node:path";
import { DescribeServicesCommand, DescribeTaskDefinitionCommand, type Service } from "@aws-sdk/client-ecs";
import { startTaskProcess, type TaskProcess } from "../../local/aws/task-process.ts";
import type { EmulatedAws } from "./emulated-aws.ts";

/** The service of a job type, as ECS describes it. */
export async function deployedService({ clients }: EmulatedAws, cluster: string, jobType: string): Promise<Service> {
  const { services = [] } = await clients.ecs.send(new DescribeServicesCommand({ cluster, services: [jobType] }));
  const [service] = services;
  if (service === undefined) throw new Error(`there is no service ${jobType} in ${cluster}`);
  return service;
}

/** The container of a service's task definition, as ECS describes it: its image, and the variables that it gets. */
export async function deployedContainer({ clients }: EmulatedAws, { taskDefinition }: Service): Promise<DeployedContainer> {
  const { taskDefinition: described } = await clients.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  const { image = "", environment = [] } = described?.containerDefinitions?.[0] ?? {};
  return { image, variables: Object.fromEntries(environment.map(({ name = "", value = "" }) => [name, value])) };
}

export interface DeployedContainer {
  readonly image: string;
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Starts what is in a job type's image, as a task of its service: with the variables of the task definition and those that
 * Fargate adds, and no others.
 */
export function startDeployedWorker(
  jobType: string,
  { variables, fargate, logFolder }: { variables: NodeJS.ProcessEnv; fargate: NodeJS.ProcessEnv; logFolder: string },
): TaskProcess {
  const directory = path.resolve("dist", "workers", jobType);
  return startTaskProcess({
    directory,
    program: path.join(directory, "worker.mjs"),
    environment: { ...fargate, ...variables },
    log: path.join(logFolder, `worker-${jobType}.log`),
  });
}
