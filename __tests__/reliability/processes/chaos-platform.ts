import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { JobType } from "../../../domain/job-type.ts";
import { queueName } from "../../../domain/queue-names.ts";
import type { DueJobEvent } from "../../../domain/schedule-event.ts";
import { jobScheduleName } from "../../../domain/schedule-settings.ts";
import { startBatchSubscription } from "../../../local/aws/batch-subscription.ts";
import { type PlatformClients, platformClients } from "../../../local/aws/clients.ts";
import { startDeadLetterMapping } from "../../../local/aws/dead-letter-mapping.ts";
import { lambdaEnvironment, workerEnvironment } from "../../../local/aws/deployed-environment.ts";
import { startEcsEndpoint } from "../../../local/aws/ecs-endpoint.ts";
import { Fleet } from "../../../local/aws/fleet.ts";
import { type Invoke, startGateway } from "../../../local/aws/gateway.ts";
import { Lambdas } from "../../../local/aws/lambdas.ts";
import { createResources, type Resources } from "../../../local/aws/resources.ts";
import { startScheduler } from "../../../local/aws/scheduler.ts";
import type { BackgroundLoop } from "../../../local/background-loop.ts";
import { startEventSubscriber } from "../../../local/event-subscriber.ts";
import type { AwsCall } from "../history/aws-call.ts";
import { CallFacts } from "../history/call-facts.ts";
import { buildChaosBundles } from "./chaos-bundles.ts";
import { chaosJobTypes } from "./chaos-job-type.ts";
import { EmulatorsOnDisk } from "./emulators-on-disk.ts";
import { LiveRecorder } from "./live-recorder.ts";
import { destroyClients, endpointsAt, environmentAt, queueUrlAt } from "./process-environment.ts";
import { probeVariables, type ReachableMemory, reachableMemory } from "./reachable-memory.ts";
import { Upstream } from "./upstream.ts";
import { type UnansweredCall, WireProxy } from "./wire-proxy.ts";
import { WorkerChild } from "./worker-child.ts";

/** Names of what is no worker, in the history. */
export const OTHERS = { lambdas: "lambdas", mapping: "mappings", platform: "platform", scheduler: "scheduler" } as const;

const EVENT_QUEUES = ["job-events", "batch-events"] as const;

/**
 * A platform of real processes for one run: emulators on disk, the Lambdas' process behind the gateway, and workers as they are
 * started, all behind one recording network.
 */
export class ChaosPlatform {
  readonly recorder = new LiveRecorder();
  /** Calls that the network left without an answer, with the time after which their callers gave up. */
  readonly unanswered: UnansweredCall[] = [];
  readonly proxy: WireProxy;
  readonly leaseSeconds: number;
  readonly jobTypes: readonly JobType[];
  readonly #folder: string;
  readonly #emulators: EmulatorsOnDisk;
  readonly #upstream: Upstream;
  readonly #facts = new CallFacts({ jobsTableName: "jobs", eventQueues: EVENT_QUEUES });
  readonly #workers = new Set<WorkerChild>();
  /** Names of schedules that have yet to run. */
  readonly #schedules = new Set<string>();
  readonly #stops: (() => Promise<void>)[] = [];
  #started: StartedParts | undefined;
  #workerNumber = 0;
  #isStopping = false;

  private constructor(folder: string, leaseSeconds: number, emulators: EmulatorsOnDisk, upstream: Upstream) {
    this.#folder = folder;
    this.leaseSeconds = leaseSeconds;
    this.jobTypes = Object.values(chaosJobTypes(leaseSeconds));
    this.#emulators = emulators;
    this.#upstream = upstream;
    this.proxy = new WireProxy({
      upstream,
      onCall: (call) => {
        this.#noteSchedule(call);
        for (const fact of this.#facts.of(call)) this.recorder.record(fact);
      },
      onUnanswered: (call) => void this.unanswered.push(call),
    });
  }

  /** @param leaseSeconds of the chaos types. */
  static async start(leaseSeconds: number): Promise<ChaosPlatform> {
    const folder = await mkdtemp(path.join(tmpdir(), "reliability-"));
    const emulators = new EmulatorsOnDisk(folder);
    try {
      const [addresses] = await Promise.all([emulators.start(), buildChaosBundles(folder, leaseSeconds)]);
      const platform = new ChaosPlatform(folder, leaseSeconds, emulators, new Upstream(addresses));
      await platform.#startParts();
      return platform;
    } catch (error) {
      await emulators.kill();
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Whether whoever waits for something of it waits in vain. */
  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** Address of the HTTP API. */
  get api(): string {
    return this.#parts.api;
  }

  get clients(): PlatformClients {
    return this.#parts.clients;
  }

  /** URLs of all queues, for `clients`. */
  get queueUrls(): readonly string[] {
    const { address, resources } = this.#parts;
    const urls = [...resources.queues.values()].flatMap(({ url, deadLetters }) => [url, deadLetters.url]);
    return [...urls, resources.eventsQueueUrl, resources.batchEventsQueueUrl].map((url) => queueUrlAt(address, url));
  }

  /** URLs of a type's queues, for `clients`. */
  queuesOf(type: string): { readonly jobs: string; readonly deadLetters: string } {
    const { address, resources } = this.#parts;
    const queues = resources.queues.get(type);
    if (queues === undefined) throw new RangeError(`there is no job type ${type}`);
    return { jobs: queueUrlAt(address, queues.url), deadLetters: queueUrlAt(address, queues.deadLetters.url) };
  }

  /** How many schedules have yet to run. */
  get schedulesLeft(): number {
    return this.#schedules.size;
  }

  get jobsTableName(): string {
    return this.#parts.resources.jobsTableName;
  }

  get bucket(): string {
    return this.#parts.resources.resultsBucket;
  }

  /** What a worker, or the Lambdas' process, cannot let go of. @returns undefined when it is gone. */
  async reachableMemory(by: string): Promise<ReachableMemory | undefined> {
    return await reachableMemory(this.#probeOf(by));
  }

  /** SIGKILL to the Lambdas' process, in the middle of whatever it does; the next invocation starts it anew. */
  async killLambdas(): Promise<void> {
    const { pid } = (await this.reachableMemory(OTHERS.lambdas)) ?? {};
    if (pid !== undefined) process.kill(pid, "SIGKILL");
  }

  /** Starts a worker of a type. @param variables besides those that a task definition gives it. */
  async startWorker(type: string, variables: NodeJS.ProcessEnv = {}): Promise<WorkerChild> {
    const jobType = this.jobTypes.find(({ name }) => name === type);
    if (jobType === undefined) throw new RangeError(`there is no job type ${type}`);
    this.#workerNumber += 1;
    const by = `${type} worker ${this.#workerNumber}`;
    const address = await this.proxy.open(by);
    const { ECS_AGENT_URI: _, ...deployed } = workerEnvironment(this.#parts.resources, type, "");
    const queue = queueName(this.queuesOf(type).jobs);
    this.recorder.record({ kind: "workerStarted", by, type, queue, concurrency: jobType.concurrency });
    const worker = new WorkerChild({
      by,
      directory: path.join(this.#folder, type),
      environment: {
        ...environmentAt(address, address),
        ...deployed,
        JOB_QUEUE_URL: queueUrlAt(address, deployed.JOB_QUEUE_URL),
        ...probeVariables(this.#probeOf(by)),
        ...variables,
      },
      record: (fact) => this.recorder.record(fact),
      callsSettled: () => this.proxy.close(by),
    });
    this.#workers.add(worker);
    void worker.ended.then(() => this.#workers.delete(worker));
    return worker;
  }

  /** Kills the emulators' process and, after so long, starts it again on the same state. Nothing answers in between. */
  async restartEmulators(downMs: number): Promise<void> {
    await this.proxy.goDown();
    await this.#emulators.kill();
    const { promise, resolve } = Promise.withResolvers<void>();
    setTimeout(resolve, downMs);
    await promise;
    this.#upstream.addresses = await this.#emulators.start();
    this.proxy.comeUp();
  }

  /** Ends everything that was started, in whatever state it is. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const worker of this.#workers) worker.signal("SIGKILL");
    await Promise.all([...this.#workers].map(({ ended }) => ended));
    for (let next = this.#stops.pop(); next !== undefined; next = this.#stops.pop()) await next();
    await this.proxy.closeAll();
    this.#upstream.close();
    await this.#emulators.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #noteSchedule({ command, input, outcome }: AwsCall): void {
    if (!("output" in outcome)) return;
    if (command === "CreateSchedule") this.#schedules.add(String(input.Name));
    if (command === "DeleteSchedule") this.#schedules.delete(String(input.Name));
  }

  /** Has the schedule Lambda send the message of a job that is due. */
  async #sendDue(event: DueJobEvent, invoke: Invoke): Promise<void> {
    await invoke("schedule", event);
    const { jobId, runAt } = event;
    this.recorder.record({ kind: "unscheduled", by: OTHERS.scheduler, jobId });
    this.#schedules.delete(jobScheduleName({ id: jobId, runAt }));
  }

  #probeOf(by: string): string {
    return path.join(this.#folder, `${by}.sock`);
  }

  get #parts(): StartedParts {
    if (this.#started === undefined) throw new Error("the platform has not started");
    return this.#started;
  }

  async #startParts(): Promise<void> {
    const { jobTypes } = this;
    // The Lambdas reach a queue by the URL that is registered, so whoever makes the queues calls by the Lambdas' address.
    const lambdasAddress = await this.proxy.open(OTHERS.lambdas);
    const fleet = new Fleet({ services: jobTypes.map(({ name }) => name), maxTasks: 0, startTask: noTask, report: () => {} });
    const ecs = await startEcsEndpoint(fleet);
    this.#stops.push(() => ecs.stop());
    const environment = environmentAt(lambdasAddress, ecs.address);
    const scheduler = await startScheduler({
      invoke: async (input) => await this.#sendDue(JSON.parse(input) as DueJobEvent, invoke),
      report: () => {},
    });
    this.#stops.push(() => scheduler.stop());
    this.#upstream.scheduler = scheduler.address;
    const maker = platformClients(endpointsAt(lambdasAddress), environment);
    const resources = await createResources(maker, { jobTypes, speed: 1, events: true });
    destroyClients(maker);

    const lambdas = new Lambdas({
      folder: path.resolve("dist/handlers"),
      environment: {
        ...environment,
        ...lambdaEnvironment(resources, lambdasAddress),
        ...probeVariables(this.#probeOf(OTHERS.lambdas)),
      },
      log: path.join(this.#folder, "lambdas.log"),
      report: () => {},
    });
    this.#stops.push(() => lambdas.stop());
    await lambdas.start();
    const invoke = lambdas.invoke.bind(lambdas);
    const gateway = await startGateway(invoke, 0);
    this.#stops.push(() => gateway.stop());

    const { clients, address } = await this.#clientsOf(OTHERS.platform);
    const mapping = await this.#clientsOf(OTHERS.mapping);
    // While the emulators are down, both report failures and try again: that is no news here.
    const report = (): void => {};
    const common = { ...mapping.clients, invoke, report };
    const batchEvents = queueUrlAt(mapping.address, resources.batchEventsQueueUrl);
    const loops: BackgroundLoop[] = [
      startBatchSubscription({ ...common, queueUrl: batchEvents, topicArn: resources.eventsTopicArn }),
      ...[...resources.queues.values()].map(({ deadLetters: { url, arn } }) =>
        startDeadLetterMapping({ ...common, queueUrl: queueUrlAt(mapping.address, url), queueArn: arn }),
      ),
    ];
    const subscriber = startEventSubscriber({ ...clients, queueUrl: queueUrlAt(address, resources.eventsQueueUrl), report });
    this.#stops.push(async () => {
      await Promise.all([...loops, subscriber, scheduler].map((one) => one.stop()));
    });
    this.#started = { address, api: gateway.address, clients, resources };
  }

  async #clientsOf(by: string): Promise<{ readonly address: string; readonly clients: PlatformClients }> {
    const address = await this.proxy.open(by);
    const clients = platformClients(endpointsAt(address), environmentAt(address, address));
    this.#stops.push(async () => destroyClients(clients));
    return { address, clients };
  }
}

interface StartedParts {
  /** Where `clients` find the services. */
  readonly address: string;
  readonly api: string;
  readonly clients: PlatformClients;
  readonly resources: Resources;
}

/** The fleet has no room: this run starts and ends its workers itself. */
function noTask(): never {
  throw new Error("no task was to be started");
}
