import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import type { Environment } from "../environments/environment.ts";
import { arnOf, jobTypeNames, platformNames } from "../modules/names.ts";

/** What a push has made possible. */
interface PushedImage {
  readonly jobType: string;
  /** With its tag, as a task definition names it. */
  readonly reference: string;
}

/** What ECS answers where the type, or the whole platform, was not applied yet. */
const NOT_THERE = ["ClusterNotFoundException", "ServiceNotFoundException"];

/**
 * Ends ECS's wait for an image that came after the tasks that need it: a task that cannot pull its image is tried again after ever
 * longer pauses, of up to 27 minutes (ECS: service throttle logic), whether or not the image has come. A new deployment starts at once.
 *
 * Nothing is done where no service runs this image, or one of its tasks runs already. It never throws: the image is pushed anyway.
 *
 * @returns what was done, or what the caller can do, for people; undefined where nothing was to be done.
 */
export async function endWaitForImage(
  ecs: ECSClient,
  environment: Environment,
  { jobType, reference }: PushedImage,
): Promise<string | undefined> {
  const { cluster: clusterName } = platformNames(environment);
  const { service } = jobTypeNames(environment, jobType);
  // With the account in it, so that credentials of another account find nothing.
  const cluster = arnOf(environment, "ecs", `cluster/${clusterName}`);
  const command = `aws ecs update-service --region ${environment.region} --cluster ${clusterName} --service ${service} --force-new-deployment`;
  try {
    const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: [service] }));
    const [found] = services.filter(({ status }) => status === "ACTIVE");
    const newest = found?.deployments?.find(({ status }) => status === "PRIMARY");
    if (newest === undefined || (newest.runningCount ?? 0) > 0) return undefined;
    const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: newest.taskDefinition }));
    if (!taskDefinition?.containerDefinitions?.some(({ image }) => image === reference)) return undefined;
    await ecs.send(new UpdateServiceCommand({ cluster, service, forceNewDeployment: true }));
    return `no task of the service ${service} in ${clusterName} was running this image: started a new deployment, so that ECS does not wait to try again`;
  } catch (error) {
    const { name, message } = error as Error;
    if (NOT_THERE.includes(name)) return undefined;
    return `could not see whether tasks wait for this image (${name}: ${message}). If some failed to start without it, this ends ECS's wait:\n  ${command}`;
  }
}
