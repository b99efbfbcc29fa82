import { type Deployment, NO_DEPLOYMENT } from "@autoscaling-job-queues/domain/deployment-settings";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { registryEntry } from "@autoscaling-job-queues/domain/registry-entry";
import { JOB_TYPE_TAG } from "@autoscaling-job-queues/domain/tags";
import { DynamodbTableItem } from "@cdktf/provider-aws/lib/dynamodb-table-item/index.js";
import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping/index.js";
import { TerraformOutput, TerraformVariable } from "cdktf";
import type { Construct } from "constructs";
import type { Environment } from "../environments/environment.ts";
import { AwsStack } from "./aws-stack.ts";
import { ImageRepository } from "./image-repository.ts";
import { JobQueues } from "./job-queues.ts";
import { createSchedules } from "./job-schedules.ts";
import { JobTypeAlerts } from "./job-type-alerts.ts";
import { readPlatform } from "./platform-state.ts";
import { registryItemJson } from "./registry-item.ts";
import { WorkerNetwork } from "./worker-network.ts";
import { WorkerScaling } from "./worker-scaling.ts";
import { createWorkerService } from "./worker-service.ts";
import { WorkerTask } from "./worker-task.ts";

/** Messages that the dead-letter Lambda takes at a time. */
const DEAD_LETTER_BATCH = 10;

export interface JobTypeStackSettings {
  readonly environment: Environment;
  readonly jobType: JobType;
  /** What it reaches. @default nothing but its own work */
  readonly deployment?: Deployment | undefined;
  /** The default of the variable `image_tag`. */
  readonly imageTag?: string | undefined;
}

/** Everything of one job type. It reads the platform's outputs and does not change the platform. */
export class JobTypeStack extends AwsStack {
  constructor(scope: Construct, settings: JobTypeStackSettings) {
    const { jobType, deployment = NO_DEPLOYMENT, imageTag: tag } = settings;
    const environment = deployment.retired ? unprotected(settings.environment) : settings.environment;
    super(scope, jobType.name, environment, { ...deployment.tags, [JOB_TYPE_TAG]: jobType.name });
    const platform = readPlatform(this, environment);
    const repository = new ImageRepository(this, "images", environment, { jobType: jobType.name, keyArn: platform.keyArn });
    const imageTag = new TerraformVariable(this, "image_tag", {
      type: "string",
      description: `Tag of the image that the workers run; by default the one that npm run image -- ${jobType.name} gives it`,
      ...(tag === undefined ? {} : { default: tag }),
    });
    const queues = new JobQueues(this, "queues", environment, jobType, platform);
    const task = new WorkerTask(this, "task", environment, {
      jobType,
      deployment,
      platform,
      queue: queues.jobs,
      repositoryArn: repository.arn,
      image: `${repository.url}:${imageTag.stringValue}`,
      imageTag: imageTag.stringValue,
    });
    const { securityGroupIds } = new WorkerNetwork(this, "network", environment, {
      jobType: jobType.name,
      timeoutSeconds: jobType.timeoutSeconds,
      platform,
      network: deployment.network,
    });
    const service = createWorkerService(this, "service", environment, {
      jobType: jobType.name,
      timeoutSeconds: jobType.timeoutSeconds,
      platform,
      securityGroupIds,
      taskDefinitionArn: task.arn,
      neededByTasks: task.rolePolicies,
    });
    new WorkerScaling(this, "scaling", environment, {
      jobType,
      minTasks: deployment.scaling.minTasks,
      warm: deployment.scaling.warm,
      queueName: queues.jobs.name,
      clusterName: platform.clusterName,
      serviceName: service.name,
    });
    new JobTypeAlerts(this, "alarms", environment, {
      jobType,
      queueName: queues.jobs.name,
      deadLetterQueueName: queues.deadLetters.name,
      clusterName: platform.clusterName,
      alertsTopicArn: platform.alertsTopicArn,
    });
    new LambdaEventSourceMapping(this, "dead-letter-mapping", {
      eventSourceArn: queues.deadLetters.arn,
      functionName: platform.deadLetterFunctionArn,
      batchSize: DEAD_LETTER_BATCH,
      functionResponseTypes: ["ReportBatchItemFailures"],
    });
    createSchedules(this, "schedules", { jobType: jobType.name, deployment, platform });
    const place = { queueUrl: queues.jobs.url, cluster: platform.clusterName, service: service.name };
    new DynamodbTableItem(this, "registry-entry", {
      tableName: platform.jobTypesTableName,
      hashKey: "registry",
      rangeKey: "name",
      item: registryItemJson(
        registryEntry(jobType, { ...place, retired: deployment.retired, schedules: deployment.schedules }),
        Object.values(place),
      ),
    });
    new TerraformOutput(this, "queue_url", { value: queues.jobs.url, description: "URL of the job type's queue" });
    new TerraformOutput(this, "dead_letter_queue_url", {
      value: queues.deadLetters.url,
      description: "URL of the queue of dead letters",
    });
    new TerraformOutput(this, "image_repository_url", {
      value: repository.url,
      description: "Repository to push the job type's image to",
    });
  }
}

/** A retired type's resources may be destroyed. */
function unprotected(environment: Environment): Environment {
  return { ...environment, protection: { deletionProtection: false, preventDestroy: false } };
}
