import { JobsClient } from "@autoscaling-job-queues/client/jobs-client";
import { awsSentence } from "../aws/aws-failure.ts";
import { platformName, regionOf } from "../aws/platform-name.ts";
import type { Connection } from "../connect.ts";
import type { Check, Finding, Patient } from "./finding.ts";

/** ECS describes so many services at a time (its API: DescribeServices). */
const SERVICES_AT_A_TIME = 10;
/** Fargate's quotas of vCPUs, as Service Quotas names them. */
const ON_DEMAND_VCPUS = "L-3032A538";
const CPU_UNITS_OF_VCPU = 1_024;

/** The workers of a type, as ECS has them. */
interface DeployedType {
  readonly jobType: string;
  readonly image: string;
  /** Of one task. */
  readonly vcpus: number;
  readonly maxTasks: number;
}

/** What belongs to one deployment. */
export const deploymentChecks: readonly Check[] = [
  { name: "workers", look: async (patient) => await workerFindings(patient) },
  { name: "alarms", look: async (patient) => [await alarmsFinding(patient)] },
];

async function workerFindings({ connection, env, signal }: Patient): Promise<readonly Finding[]> {
  if (connection === undefined) throw new Error("no API is named");
  const platform = await platformName(connection, env);
  const { missing, deployed } = await deployedTypes(connection, platform, signal);
  const absent = missing.map((jobType): Finding => {
    const message = `${jobType} has no service in the cluster ${platform}`;
    return { check: "workers", status: "wrong", message, fix: `deploy the stack of ${jobType}: docs/deploy.md` };
  });
  const images = await Promise.all(deployed.map(async (type) => await imageFinding(type, connection, signal)));
  return [...absent, ...images, await quotaFinding(deployed, connection, signal)];
}

async function deployedTypes({ settings, region }: Connection, cluster: string, signal: AbortSignal) {
  const types = (await new JobsClient(settings).jobTypes({ signal })).filter(({ retired }) => retired !== true);
  const { DescribeServicesCommand, DescribeTaskDefinitionCommand, ECSClient } = await import("@aws-sdk/client-ecs");
  const client = new ECSClient(regionOf(region));
  const missing: string[] = [];
  const deployed: DeployedType[] = [];
  try {
    for (let start = 0; start < types.length; start += SERVICES_AT_A_TIME) {
      const some = types.slice(start, start + SERVICES_AT_A_TIME);
      const services = some.map(({ name }) => name);
      const { services: found = [] } = await client.send(new DescribeServicesCommand({ cluster, services }), {
        abortSignal: signal,
      });
      for (const { name: jobType, limits } of some) {
        const service = found.find(({ serviceName, status }) => serviceName === jobType && status !== "INACTIVE");
        if (service === undefined) {
          missing.push(jobType);
          continue;
        }
        const { taskDefinition } = await client.send(
          new DescribeTaskDefinitionCommand({ taskDefinition: service.taskDefinition }),
          { abortSignal: signal },
        );
        const image = taskDefinition?.containerDefinitions?.[0]?.image ?? "";
        deployed.push({ jobType, image, vcpus: Number(taskDefinition?.cpu ?? 0) / CPU_UNITS_OF_VCPU, maxTasks: limits.maxTasks });
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(awsSentence(`describe the services of the cluster ${cluster}`, error));
  }
  return { missing, deployed };
}

/** Whether ECS can pull the image that a type's tasks are to run. */
async function imageFinding({ jobType, image }: DeployedType, { region }: Connection, signal: AbortSignal): Promise<Finding> {
  const check = `image of ${jobType}`;
  const [, registryId, repositoryName, tag, digest] =
    /^(\d+)[.]dkr[.]ecr[.][^/]+\/([^:@]+)(?::([^@]+))?(?:@(.+))?$/.exec(image) ?? [];
  if (repositoryName === undefined) return { check, status: "unknown", message: `${image} is in no ECR repository` };
  const { DescribeImagesCommand, ECRClient } = await import("@aws-sdk/client-ecr");
  const imageId = digest === undefined ? { imageTag: tag ?? "latest" } : { imageDigest: digest };
  try {
    const command = new DescribeImagesCommand({ registryId, repositoryName, imageIds: [imageId] });
    await new ECRClient(regionOf(region)).send(command, { abortSignal: signal });
    return { check, status: "ok", message: `${repositoryName}:${tag ?? digest}` };
  } catch (error) {
    signal.throwIfAborted();
    if (/ImageNotFound|RepositoryNotFound/.test((error as Error).name)) {
      const message = `${repositoryName}:${tag ?? digest} was not pushed: no task of it can start`;
      return { check, status: "wrong", message, fix: `npm run image -- ${jobType} --push: docs/image.md` };
    }
    return { check, status: "unknown", message: awsSentence(`look at images of ${repositoryName}`, error) };
  }
}

async function quotaFinding(deployed: readonly DeployedType[], { region }: Connection, signal: AbortSignal): Promise<Finding> {
  const check = "Fargate vCPUs";
  const needed = deployed.reduce((sum, { vcpus, maxTasks }) => sum + vcpus * maxTasks, 0);
  const { GetServiceQuotaCommand, ServiceQuotasClient } = await import("@aws-sdk/client-service-quotas");
  try {
    const command = new GetServiceQuotaCommand({ ServiceCode: "fargate", QuotaCode: ON_DEMAND_VCPUS });
    const { Quota } = await new ServiceQuotasClient(regionOf(region)).send(command, { abortSignal: signal });
    const allowed = Quota?.Value ?? 0;
    const message = `all types at maxTasks need ${needed}, the account has ${allowed}`;
    if (needed <= allowed) return { check, status: "ok", message };
    return {
      check,
      status: "warning",
      message,
      fix: `raise the quota ${ON_DEMAND_VCPUS} in Service Quotas, or lower scaling.maxTasks`,
    };
  } catch (error) {
    signal.throwIfAborted();
    return { check, status: "unknown", message: awsSentence("read Fargate's quotas (servicequotas:GetServiceQuota)", error) };
  }
}

async function alarmsFinding({ connection, env, signal }: Patient): Promise<Finding> {
  const check = "alarms";
  if (connection === undefined) throw new Error("no API is named");
  const platform = await platformName(connection, env);
  try {
    const { GetCallerIdentityCommand, STSClient } = await import("@aws-sdk/client-sts");
    const { ListSubscriptionsByTopicCommand, SNSClient } = await import("@aws-sdk/client-sns");
    const settings = regionOf(connection.region);
    const { Account, Arn = "" } = await new STSClient(settings).send(new GetCallerIdentityCommand({}), { abortSignal: signal });
    const topic = `arn:${Arn.split(":")[1] ?? "aws"}:sns:${connection.region ?? env.AWS_REGION}:${Account}:${platform}-alerts`;
    const command = new ListSubscriptionsByTopicCommand({ TopicArn: topic });
    const { Subscriptions = [] } = await new SNSClient(settings).send(command, { abortSignal: signal });
    const confirmed = Subscriptions.filter(({ SubscriptionArn = "" }) => SubscriptionArn.startsWith("arn:"));
    if (confirmed.length > 0) return { check, status: "ok", message: `${confirmed.length} subscribed to ${platform}-alerts` };
    const pending = Subscriptions.length > 0 ? `; ${Subscriptions.length} did not confirm` : "";
    const message = `nobody is subscribed to ${platform}-alerts${pending}`;
    const fix = `aws sns subscribe --topic-arn ${topic} --protocol email --notification-endpoint <address>, unless alarms.topicArns names others`;
    return { check, status: "warning", message, fix };
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(awsSentence(`list who is subscribed to ${platform}-alerts`, error));
  }
}
