import { isScheduled, isTerminal, type StoredJob } from "@autoscaling-job-queues/domain/job";
import { typeOfJobId } from "@autoscaling-job-queues/domain/job-id";
import { JobQueue, type Send } from "@autoscaling-job-queues/domain/job-queue";
import { JobTypeRegistry } from "@autoscaling-job-queues/domain/job-type-registry";
import { jobScheduleName } from "@autoscaling-job-queues/domain/schedule-settings";
import { GetScheduleCommand, ResourceNotFoundException, type SchedulerClient } from "@aws-sdk/client-scheduler";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { type JobsItem, neededMessages, readJob } from "./needed-messages.ts";
import { isSound } from "./sound-job.ts";

/** Messages wait so long for others to share their call, in milliseconds. */
const LINGER_MS = 5;

export interface MessageSenderSettings {
  readonly dynamoDb: DynamoDBDocumentClient;
  readonly sqs: SQSClient;
  readonly scheduler: SchedulerClient;
  readonly jobTypesTable: string;
  readonly scheduleGroup: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Whether messages are only counted. @default false */
  readonly dryRun?: boolean;
}

/** Sends the messages that items of the jobs table need, and keeps count. */
export class MessageSender {
  /** Messages that were sent, or would have been. */
  sent = 0;
  /** Jobs for later that no schedule waits for any more, though their time is to come: they were cancelled, and their items do not know. */
  readonly withoutSchedule: string[] = [];
  /** Types that have jobs and are not registered: nothing of theirs was sent. */
  readonly unknownTypes = new Set<string>();
  /** Items that have a job's ID, and members that no job has: nothing was done for them. */
  readonly unsound: string[] = [];
  readonly #settings: MessageSenderSettings;
  readonly #queues: ReadonlyMap<string, JobQueue>;

  private constructor(settings: MessageSenderSettings, queues: ReadonlyMap<string, JobQueue>) {
    this.#settings = settings;
    this.#queues = queues;
  }

  static async create(settings: MessageSenderSettings): Promise<MessageSender> {
    const { dynamoDb, sqs: client, jobTypesTable } = settings;
    const entries = await new JobTypeRegistry(dynamoDb, jobTypesTable).list();
    const queueOf = (queueUrl: string) => new JobQueue({ client, queueUrl, lingerMs: LINGER_MS });
    return new MessageSender(settings, new Map(entries.map(({ name, queueUrl }) => [name, queueOf(queueUrl)])));
  }

  /** Sends what {@link neededMessages} says. The message of a job for later stays its schedule's. */
  async sendFor(item: JobsItem): Promise<void> {
    const now = this.#settings.now();
    const job = readJob(item);
    if (job !== undefined && !isSound(job)) {
      this.unsound.push(job.id);
      return;
    }
    if (job !== undefined && isForLater(job, now)) {
      if (!(await this.#hasSchedule(job))) this.withoutSchedule.push(job.id);
      return;
    }
    await Promise.all(neededMessages(item, now).map((message) => this.send(message)));
  }

  /** Sends one message to the queue of its job's type. */
  async send(message: Send): Promise<void> {
    const type = typeOfJobId(message.jobId);
    const queue = this.#queues.get(type);
    if (queue === undefined) {
      this.unknownTypes.add(type);
      return;
    }
    if (!this.#settings.dryRun) await queue.send(message);
    this.sent += 1;
  }

  async #hasSchedule(job: StoredJob): Promise<boolean> {
    const { scheduler, scheduleGroup: GroupName } = this.#settings;
    try {
      await scheduler.send(new GetScheduleCommand({ GroupName, Name: jobScheduleName(job) }));
      return true;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return false;
      throw error;
    }
  }
}

function isForLater(job: StoredJob, now: number): boolean {
  return !isTerminal(job) && isScheduled(job) && Date.parse(job.runAt ?? "") > now;
}
