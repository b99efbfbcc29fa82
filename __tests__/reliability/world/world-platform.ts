import { GetTopicAttributesCommand } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { DeleteCommand, GetCommand } from "@aws-sdk/lib-dynamodb";
import { controlPartition } from "../../../domain/controls.ts";
import { JobTypeRegistry } from "../../../domain/job-type-registry.ts";
import { queueNames } from "../../../domain/queue-names.ts";
import { registryEntry } from "../../../domain/registry-entry.ts";
import { WorkerMetrics } from "../../../worker/metrics.ts";
import { type Emulators, startEmulators } from "../../support/emulators.ts";
import type { AwsCallListener } from "../history/aws-call.ts";
import { CachingValidator } from "./caching-validator.ts";
import { type GatedClients, gatedClients } from "./gated-clients.ts";
import { InProcessTransport } from "./in-process-transport.ts";
import { type ScriptedJobType, scriptedJobType, type WorldJobTypeSettings } from "./scripted-job.ts";
import { SimulatedTime } from "./simulated-time.ts";
import { storeUpload } from "./uploaded-file.ts";
import { WorldScheduler } from "./world-scheduler.ts";

/** A job type with its queues, registered. */
export interface DeployedJobType {
  readonly jobType: ScriptedJobType;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly deadLetterQueueArn: string;
  readonly maxReceiveCount: number;
  readonly metrics: WorkerMetrics;
}

export interface JobTypeRequest {
  readonly settings?: WorldJobTypeSettings;
  /** Receives after which SQS moves a message to the dead-letter queue. @default 100, the product's */
  readonly maxReceiveCount?: number;
}

/**
 * What the worlds of one test file share: the emulators, the clock, the gated clients, and job types, each for one world at
 * a time.
 */
export class WorldPlatform {
  readonly emulators: Emulators;
  readonly clients: GatedClients;
  readonly time = new SimulatedTime();
  readonly scheduler = new WorldScheduler();
  readonly validator = new CachingValidator();
  readonly #free = new Map<string, DeployedJobType[]>();
  #deployed = 0;

  readonly #transport: InProcessTransport;

  private constructor(emulators: Emulators, transport: InProcessTransport) {
    this.emulators = emulators;
    this.#transport = transport;
    this.clients = this.newClients();
  }

  /** Starts emulators and the clock; end it with `stop`. */
  static async start(): Promise<WorldPlatform> {
    process.env.POWERTOOLS_METRICS_DISABLED = "true";
    const transport = new InProcessTransport();
    const platform = new WorldPlatform(await startEmulators(), transport);
    transport.stopListening();
    // Loaded ahead: while a file is read, a simulated process would seem to stand still.
    await platform.validator.load();
    await platform.#warmUp();
    platform.time.install();
    return platform;
  }

  /** A client's first call loads what it needs, and takes its time. */
  async #warmUp(): Promise<void> {
    const { dynamoDb, sqs, sns, payloads, source } = this.clients;
    const { jobsTableName: TableName, eventsQueueUrl: QueueUrl, eventsTopicArn: TopicArn } = this.emulators;
    await payloads.put("warm-up", "{}", "application/json");
    const { key = "", etag = "" } = (await payloads.findFile("warm-up")) ?? {};
    await source.read({ key, etag }, { start: 0, bytes: 2 }, new AbortController().signal);
    await dynamoDb.send(new GetCommand({ TableName, Key: { id: "warm-up" } }));
    await sqs.send(new GetQueueAttributesCommand({ QueueUrl }));
    await sns.send(new GetTopicAttributesCommand({ TopicArn }));
  }

  async stop(): Promise<void> {
    this.time.uninstall();
    await this.emulators.stop();
  }

  /** Clients of one's own, for processes that shall share the SDK's allowance of retries with no other world. */
  newClients(): GatedClients {
    return gatedClients(this.emulators.resultsBucket, this.#transport, this.scheduler.calls);
  }

  /** Calls of simulated processes are told to this world from now on. */
  listen(listener: AwsCallListener): void {
    this.#transport.heard = listener;
    this.scheduler.heard = listener;
  }

  /** A job type with empty queues, that no other world uses until it is given back. */
  async takeJobType(request: JobTypeRequest = {}): Promise<DeployedJobType> {
    return this.#free.get(JSON.stringify(request))?.pop() ?? (await this.#deploy(request));
  }

  /** Takes all messages off the queues of a job type, whoever has them in hand. */
  empty({ queueUrl, deadLetterQueueUrl }: DeployedJobType): void {
    for (const url of [queueUrl, deadLetterQueueUrl]) this.emulators.purge(url);
  }

  /** Forgets that a type was ever paused. */
  async forgetControl({ jobType: { name } }: DeployedJobType): Promise<void> {
    const { dynamoDb, jobTypesTableName: TableName } = this.emulators;
    await dynamoDb.send(new DeleteCommand({ TableName, Key: { registry: controlPartition(name), name } }));
  }

  /** Gives back a job type whose queues are empty. */
  giveBack(request: JobTypeRequest, deployed: DeployedJobType): void {
    const key = JSON.stringify(request);
    this.#free.set(key, [...(this.#free.get(key) ?? []), deployed]);
  }

  async #deploy({ settings = {}, maxReceiveCount = 100 }: JobTypeRequest): Promise<DeployedJobType> {
    const { emulators } = this;
    this.#deployed += 1;
    const jobType = scriptedJobType(`scripted-${this.#deployed}`, settings);
    const names = queueNames("world", jobType.name);
    const deadLetterQueueUrl = await emulators.createQueue(names.deadLetters);
    const { Attributes } = await emulators.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: deadLetterQueueUrl, AttributeNames: ["QueueArn"] }),
    );
    const deadLetterQueueArn = Attributes?.QueueArn ?? "";
    const queueUrl = await emulators.createQueue(names.jobs, {
      VisibilityTimeout: String(jobType.leaseSeconds),
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetterQueueArn, maxReceiveCount }),
    });
    await storeUpload(emulators, jobType.name);
    await new JobTypeRegistry(emulators.dynamoDb, emulators.jobTypesTableName).register(
      registryEntry(jobType, { queueUrl, cluster: "jobs", service: jobType.name }),
    );
    return {
      jobType,
      queueUrl,
      deadLetterQueueUrl,
      deadLetterQueueArn,
      maxReceiveCount,
      metrics: new WorkerMetrics(jobType.name),
    };
  }
}
