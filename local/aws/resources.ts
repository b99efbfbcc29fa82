import { BATCH_EVENTS_FILTER } from "@autoscaling-job-queues/domain/batch-subscription";
import type { Deployment } from "@autoscaling-job-queues/domain/deployment-settings";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { JobTypeRegistry, REGISTRY_PARTITION } from "@autoscaling-job-queues/domain/job-type-registry";
import { queueNames } from "@autoscaling-job-queues/domain/queue-names";
import { DEAD_LETTER_QUEUE_SETTINGS, jobQueueSettings, type QueueSettings } from "@autoscaling-job-queues/domain/queue-settings";
import { registryEntry } from "@autoscaling-job-queues/domain/registry-entry";
import { BucketAlreadyOwnedByYou, CreateBucketCommand, type S3Client } from "@aws-sdk/client-s3";
import { CreateTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import type { PlatformClients } from "./clients.ts";
import { createTables, TABLE_NAMES } from "./tables.ts";

/** The one ECS cluster of this machine; each job type is a service in it. */
export const CLUSTER = "local";

/** Of the names of queues, as an environment's. */
const PREFIX = "local";
const TOPIC = "job-events";
const EVENTS_QUEUE = "job-events";
const BATCH_EVENTS_QUEUE = "batch-events";
const BUCKET = "job-results";

interface Queue {
  readonly url: string;
  readonly arn: string;
}

export interface JobTypeQueues extends Queue {
  readonly deadLetters: Queue;
}

/** What Terraform would have made. */
export interface Resources {
  readonly jobsTableName: string;
  readonly jobTypesTableName: string;
  readonly resultsBucket: string;
  readonly eventsTopicArn: string;
  readonly queues: ReadonlyMap<string, JobTypeQueues>;
  /** Subscribed to the completion of batches, for the Lambda that follows them. */
  readonly batchEventsQueueUrl: string;
  /** Subscribed to the events topic; undefined unless asked for. */
  readonly eventsQueueUrl: string | undefined;
}

export interface ResourceSettings {
  readonly jobTypes: readonly JobType[];
  /** Names of the types that take no more jobs. @default none */
  readonly retired?: ReadonlySet<string>;
  /** Schedules that add jobs, by job type. @default none */
  readonly schedules?: ReadonlyMap<string, Deployment["schedules"]>;
  /** How much faster than AWS's the clock of the alarms runs. */
  readonly speed: number;
  /** Whether a queue subscribes to the events. */
  readonly events: boolean;
}

/** Makes what the platform needs, where it is not there already, and registers the job types. */
export async function createResources(clients: PlatformClients, settings: ResourceSettings): Promise<Resources> {
  const { jobTypes, events } = settings;
  const { dynamoDb, s3, sns, sqs } = clients;
  const [{ TopicArn: eventsTopicArn = "" }, queues] = await Promise.all([
    sns.send(new CreateTopicCommand({ Name: TOPIC })),
    Promise.all(jobTypes.map(async (jobType) => [jobType.name, await createJobTypeQueues(sqs, jobType)] as const)),
    createBucket(s3),
    createTables(dynamoDb),
  ]);
  const queueUrls = new Map(queues);
  await Promise.all(
    jobTypes.map((jobType) => registerJobType(clients, jobType, queueUrls.get(jobType.name)?.url ?? "", settings)),
  );
  return {
    jobsTableName: TABLE_NAMES.jobs,
    jobTypesTableName: TABLE_NAMES.jobTypes,
    resultsBucket: BUCKET,
    eventsTopicArn,
    queues: queueUrls,
    batchEventsQueueUrl: await createEventsQueue(clients, eventsTopicArn, BATCH_EVENTS_QUEUE, {
      FilterPolicy: JSON.stringify(BATCH_EVENTS_FILTER),
    }),
    eventsQueueUrl: events ? await createEventsQueue(clients, eventsTopicArn, EVENTS_QUEUE) : undefined,
  };
}

/** Writes what a job type's own stack writes: its entry in the registry. */
export async function registerJobType(
  { dynamoDb }: Pick<PlatformClients, "dynamoDb">,
  jobType: JobType,
  queueUrl: string,
  { retired = new Set(), schedules = new Map(), speed }: Omit<ResourceSettings, "jobTypes" | "events">,
): Promise<void> {
  await new JobTypeRegistry(dynamoDb, TABLE_NAMES.jobTypes).register(
    registryEntry(jobType, {
      queueUrl,
      cluster: CLUSTER,
      service: jobType.name,
      speed,
      retired: retired.has(jobType.name),
      schedules: schedules.get(jobType.name) ?? [],
    }),
  );
}

/** Removes the entries of job types that are no more, which kept state still has: nobody would run their jobs. */
export async function forgetOtherJobTypes(
  { dynamoDb }: Pick<PlatformClients, "dynamoDb">,
  jobTypes: readonly JobType[],
): Promise<void> {
  const entries = await new JobTypeRegistry(dynamoDb, TABLE_NAMES.jobTypes).list();
  const gone = entries.filter(({ name }) => !jobTypes.some((jobType) => jobType.name === name));
  for (const { name } of gone) {
    await dynamoDb.send(new DeleteCommand({ TableName: TABLE_NAMES.jobTypes, Key: { registry: REGISTRY_PARTITION, name } }));
  }
}

/** Brings a queue to the settings of its job type as they are now. */
export async function updateJobQueue({ sqs }: Pick<PlatformClients, "sqs">, jobType: JobType, QueueUrl: string): Promise<void> {
  const { maxReceiveCount: _, ...settings } = jobQueueSettings(jobType);
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: attributesOf(settings) }));
}

async function createJobTypeQueues(sqs: SQSClient, jobType: JobType): Promise<JobTypeQueues> {
  const names = queueNames(PREFIX, jobType.name);
  const { maxReceiveCount, ...settings } = jobQueueSettings(jobType);
  const deadLetters = await createQueue(sqs, names.deadLetters, attributesOf(DEAD_LETTER_QUEUE_SETTINGS));
  const queue = await createQueue(sqs, names.jobs, {
    ...attributesOf(settings),
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount }),
  });
  return { ...queue, deadLetters };
}

function attributesOf({ visibilityTimeoutSeconds, retentionSeconds }: QueueSettings): Record<string, string> {
  return { VisibilityTimeout: String(visibilityTimeoutSeconds), MessageRetentionPeriod: String(retentionSeconds) };
}

/** With raw delivery, a message of the queue is the event as it was published, message attributes included. */
async function createEventsQueue(
  { sns, sqs }: PlatformClients,
  topicArn: string,
  name: string,
  filter: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { url, arn } = await createQueue(sqs, name, {
    MessageRetentionPeriod: String(DEAD_LETTER_QUEUE_SETTINGS.retentionSeconds),
  });
  await sns.send(
    new SubscribeCommand({
      TopicArn: topicArn,
      Protocol: "sqs",
      Endpoint: arn,
      Attributes: { RawMessageDelivery: "true", ...filter },
    }),
  );
  return url;
}

async function createQueue(sqs: SQSClient, name: string, attributes: Record<string, string>): Promise<Queue> {
  const url = await queueUrl(sqs, name, attributes);
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }));
  return { url, arn: Attributes?.QueueArn ?? "" };
}

/** A queue that was kept may have other settings: it is brought to these. */
async function queueUrl(sqs: SQSClient, QueueName: string, Attributes: Record<string, string>): Promise<string> {
  try {
    return (await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? "";
  } catch (error) {
    // By its name: where the service gives no more of it, the SDK makes no class of it.
    if (!/QueueNameExists|QueueAlreadyExists/.test((error as Error).name)) throw error;
    const { QueueUrl = "" } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
    return QueueUrl;
  }
}

async function createBucket(s3: S3Client): Promise<void> {
  try {
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  } catch (error) {
    if (!(error instanceof BucketAlreadyOwnedByYou)) throw error;
  }
}
