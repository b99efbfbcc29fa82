import path from "node:path";
import { type CreateTableCommandInput, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { callSettings, LONG_POLL_SECONDS } from "../../domain/clients.ts";
import { LAMBDAS, type LambdaName } from "../../domain/routes.ts";
import { startBatchSubscription } from "../../local/aws/batch-subscription.ts";
import { startCloudWatch } from "../../local/aws/cloudwatch-endpoint.ts";
import { startDeadLetterMapping } from "../../local/aws/dead-letter-mapping.ts";
import { Lambdas } from "../../local/aws/lambdas.ts";
import { MetricStore } from "../../local/aws/metric-store.ts";
import { ScalableTargets } from "../../local/aws/scaling-endpoint.ts";
import { type Scheduler, startScheduler } from "../../local/aws/scheduler.ts";
import { createTable, tableInput } from "../../local/aws/tables.ts";
import { type EcsStandIn, startEcs } from "../handlers/ecs-stand-in.ts";
import { ref } from "../modules/synthesized.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { startWorkerProgram, type WorkerProcess } from "../support/worker-process.ts";
import { CallRecorder } from "./call-recorder.ts";
import { arnsOf } from "./deployed-arns.ts";
import { type Deployment, sqsAddress } from "./deployment.ts";
import { MAPPING, SNS, workerOf } from "./principals.ts";
import { JOB_TYPES } from "./synthesized-deployment.ts";

/** The logical IDs of a job type's queues. */
type Queue = "queue" | "dead_letter_queue";

/** Seconds, where Terraform says nothing (SQS: visibility timeout). */
const SQS_DEFAULT = 30;

interface WorkerOptions {
  readonly folder?: string;
  readonly variables?: Readonly<Record<string, string>>;
}

/** The synthesized platform on emulators: its resources by their names, and the bundles with the variables that they get. */
export interface EmulatedDeployment {
  readonly recorder: CallRecorder;
  readonly invoke: (name: LambdaName, event: unknown) => Promise<unknown>;
  readonly scheduler: Scheduler;
  readonly ecs: EcsStandIn;
  /** Puts a message on a queue of a job type, unrecorded. */
  readonly send: (jobType: string, queue: Queue, body: string) => Promise<void>;
  /** A client of nobody's, unrecorded. */
  readonly s3: S3Client;
  /** A client with the credentials of a principal, for code that no message leads to. */
  readonly s3ClientOf: (accessKey: string) => S3Client;
  /** @param built its bundle is in `workers` of this folder, by default the build's; variables: instead of the container's. */
  readonly startWorker: (jobType: string, built?: WorkerOptions) => WorkerProcess;
  readonly stop: () => Promise<void>;
}

/** Starts it all but the workers. */
export async function startEmulatedDeployment(deployment: Deployment): Promise<EmulatedDeployment> {
  const emulators = await startEmulators();
  const ecs = await startEcs();
  ecs.tasks = [{ taskArn: arnsOf(deployment).task }];
  const { AWS_ENDPOINT_URL_SQS: sqs = "", AWS_ENDPOINT_URL_DYNAMODB: dynamodb = "" } = process.env;
  const scheduler = await startScheduler({
    group: deployment.resource("platform", "aws_scheduler_schedule_group").attributes.name,
    invoke: async (input) => await invoke("schedule", JSON.parse(input)),
    report: (line) => process.stderr.write(`${line}\n`),
  });
  const monitoring = await startCloudWatch({ metrics: new MetricStore(1), look: async () => undefined });
  const bounds = { minTasks: 0, maxTasks: 1 };
  const cluster: string = deployment.resource("platform", "aws_ecs_cluster").attributes.name;
  const scaling = await new ScalableTargets(
    JOB_TYPES.map(({ name }) => [name, bounds]),
    cluster,
  ).listen();
  const recorder = new CallRecorder({
    ...{ sqs, sns: sqs, s3: sqs, dynamodb, ecs: ecs.url, scheduler: scheduler.address },
    "application-autoscaling": scaling.address,
    monitoring: monitoring.address,
  });
  await recorder.start();
  const here = (text: string): string => text.replaceAll(sqsAddress(deployment.environment), recorder.address);
  await createResources(deployment, emulators, here);

  const lambdas = await startLambdas(deployment, recorder);
  const invoke = async (name: LambdaName, event: unknown): Promise<unknown> => await lambdas.get(name)?.invoke(name, event);
  const queueUrl = (jobType: string, queue: Queue) => deployment.resolve(jobType, ref(`aws_sqs_queue.${queue}.url`));
  const mappings = JOB_TYPES.map(({ name }) =>
    startDeadLetterMapping({
      sqs: mappingClient(recorder, 5),
      longPollSqs: mappingClient(recorder, LONG_POLL_SECONDS + 5),
      invoke,
      queueUrl: here(queueUrl(name, "dead_letter_queue")),
      queueArn: deployment.resource(name, "aws_sqs_queue", "dead_letter_queue").arn ?? "",
      report: (line) => process.stderr.write(`${line}\n`),
    }),
  );
  const subscription = await followBatches(deployment, emulators, { recorder, invoke, ecs });
  const workers: WorkerProcess[] = [];
  return {
    recorder,
    invoke,
    scheduler,
    ecs,
    send: async (jobType, queue, MessageBody) => {
      const QueueUrl = queueUrl(jobType, queue).replace(sqsAddress(deployment.environment), sqs);
      await emulators.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    },
    s3: emulators.s3,
    s3ClientOf: (accessKeyId) =>
      new S3Client({
        ...callSettings(),
        region: "us-east-1",
        endpoint: recorder.address,
        credentials: { accessKeyId, secretAccessKey: "local" },
      }),
    startWorker: (jobType, { folder = "dist", variables = {} } = {}) => {
      const worker = startWorkerProgram({
        program: path.join(folder, "workers", jobType, "worker.mjs"),
        environment: {
          ...process.env,
          ...mapValues(deployment.container(jobType).variables, here),
          ...sdkVariables(recorder, workerOf(jobType)),
          ECS_AGENT_URI: recorder.agentUri(workerOf(jobType)),
          ...variables,
        },
      });
      workers.push(worker);
      return worker;
    },
    stop: async () => {
      for (const worker of workers) worker.kill("SIGTERM");
      await Promise.all(workers.map(({ ended }) => ended));
      await Promise.all([...mappings, subscription].map((loop) => loop.stop()));
      await Promise.all([scheduler.stop(), scaling.stop(), monitoring.stop()]);
      await Promise.all([...lambdas.values()].map((lambda) => lambda.stop()));
      await recorder.stop();
      await Promise.all([ecs.stop(), emulators.stop()]);
    },
  };
}

async function createResources(
  deployment: Deployment,
  { dynamoDb, s3, sns, createQueue }: Emulators,
  here: (text: string) => string,
): Promise<void> {
  const platform = (type: string, id: string) => deployment.resource("platform", type, id).attributes;
  const tables: CreateTableCommandInput[] = [
    tableInput("jobs", platform("aws_dynamodb_table", "jobs_table").name),
    tableInput("jobTypes", platform("aws_dynamodb_table", "job_types_table").name),
  ];
  await Promise.all(tables.map((table) => createTable(dynamoDb, table)));
  await s3.send(new CreateBucketCommand({ Bucket: platform("aws_s3_bucket", "results_bucket").bucket }));
  await sns.send(new CreateTopicCommand({ Name: platform("aws_sns_topic", "job_events_topic").name }));
  for (const { attributes } of deployment.resources("aws_sqs_queue")) {
    await createQueue(attributes.name, { VisibilityTimeout: String(attributes.visibility_timeout_seconds ?? SQS_DEFAULT) });
  }
  for (const { stack, attributes } of deployment.resources("aws_dynamodb_table_item")) {
    const [TableName, item] = [attributes.table_name, attributes.item].map((text) => here(deployment.resolve(stack, text)));
    await dynamoDb.send(new PutItemCommand({ TableName, Item: JSON.parse(item ?? "") }));
  }
}

/** SNS's calls of the on-complete Lambda, in SNS's own name: a queue of the emulator's stands in between. */
async function followBatches(
  deployment: Deployment,
  { sqs, longPollSqs, sns, createQueue }: Emulators,
  { recorder, invoke, ecs }: Pick<EmulatedDeployment, "recorder" | "invoke"> & { readonly ecs: EcsStandIn },
) {
  const { events, lambda } = arnsOf(deployment);
  const queueUrl = await createQueue("batch-events");
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["QueueArn"] }));
  const { TopicArn } = await sns.send(
    new CreateTopicCommand({ Name: deployment.resource("platform", "aws_sns_topic", "job_events_topic").attributes.name }),
  );
  const { filter_policy: FilterPolicy } = deployment.resource("platform", "aws_sns_topic_subscription").attributes;
  await sns.send(
    new SubscribeCommand({
      TopicArn,
      Protocol: "sqs",
      Endpoint: Attributes?.QueueArn,
      Attributes: { RawMessageDelivery: "true", FilterPolicy },
    }),
  );
  return startBatchSubscription({
    sqs,
    longPollSqs,
    queueUrl,
    topicArn: events,
    invoke: async (name, event) => {
      const input = { functionArn: lambda(name), sourceArn: events };
      // The service may be asleep by then.
      ecs.desiredCount = 0;
      recorder.record({ accessKey: SNS, service: "lambda", operation: "Invoke", input });
      return await invoke(name, event);
    },
    report: (line) => process.stderr.write(`${line}\n`),
  });
}

/** Each Lambda in a process of its own, with its own credentials. */
async function startLambdas(deployment: Deployment, recorder: CallRecorder): Promise<ReadonlyMap<LambdaName, Lambdas>> {
  const logs = await temporaryFolder("lambda-logs");
  const started = LAMBDAS.map(async (name) => {
    const { variables } = deployment.resource("platform", "aws_lambda_function", name).attributes.environment;
    const resolved = Object.entries(variables as Record<string, string>).map(([key, value]) => [
      key,
      deployment.resolve("platform", value),
    ]);
    const lambda = new Lambdas({
      folder: path.resolve("dist/handlers"),
      environment: { ...process.env, ...Object.fromEntries(resolved), ...sdkVariables(recorder, name) },
      log: path.join(logs, `${name}.log`),
      report: (line) => process.stderr.write(`${line}\n`),
    });
    await lambda.start();
    return [name, lambda] as const;
  });
  return new Map(await Promise.all(started));
}

function mapValues(variables: Readonly<Record<string, string>>, change: (text: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, change(value)]));
}

function sdkVariables({ address }: CallRecorder, accessKey: string): Record<string, string> {
  return {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: accessKey,
    AWS_SECRET_ACCESS_KEY: "local",
    ...Object.fromEntries(
      ["SQS", "SNS", "S3", "DYNAMODB", "ECS", "SCHEDULER", "APPLICATION_AUTO_SCALING", "CLOUDWATCH"].map((service) => [
        `AWS_ENDPOINT_URL_${service}`,
        address,
      ]),
    ),
  };
}

function mappingClient({ address }: CallRecorder, timeoutSeconds: number): SQSClient {
  return new SQSClient({
    ...callSettings({ requestTimeoutMs: timeoutSeconds * 1_000 }),
    region: "us-east-1",
    endpoint: address,
    credentials: { accessKeyId: MAPPING, secretAccessKey: "local" },
  });
}
