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
export async function deployedContainer(aws: EmulatedAws, { taskDefinition }: Service): Promise<DeployedContainer> {
  const { taskDefinition: described } = await aws.clients.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  const { image = "", environment = [], secrets = [] } = described?.containerDefinitions?.[0] ?? {};
  const variables = environment.map(({ name = "", value = "" }) => [name, value] as const);
  const read = async () =>
    await Promise.all(secrets.map(async ({ name = "", valueFrom = "" }) => [name, await parameter(aws, valueFrom)] as const));
  return {
    image,
    variables: async () => Object.fromEntries([...variables, ...(await read())]),
  };
}

/** The value of an SSM parameter, as ECS reads it when it starts a task. */
async function parameter(aws: EmulatedAws, arn: string): Promise<string> {
  const [, Name = ""] = /:parameter(\/.+)$/.exec(arn) ?? [];
  const { Parameter } = (await aws.call("ssm", "AmazonSSM.GetParameter", { Name, WithDecryption: true })) as {
    readonly Parameter: { readonly Value: string };
  };
  return Parameter.Value;
}

export interface DeployedContainer {
  readonly image: string;
  /** What ECS gives it when it starts a task: it reads the secrets then. */
  readonly variables: () => Promise<Readonly<Record<string, string>>>;
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
