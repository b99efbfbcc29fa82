import { availableParallelism } from "node:os";
import path from "node:path";
import { Controls } from "@autoscaling-job-queues/domain/controls";
import { findJobFolders, jobsFolders } from "@autoscaling-job-queues/domain/find-job-folders";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { startAutoscaler } from "./aws/autoscaler.ts";
import { startBatchSubscription } from "./aws/batch-subscription.ts";
import { type PlatformClients, platformClients } from "./aws/clients.ts";
import { removeLeftoverGroups } from "./aws/control-group.ts";
import { startDeadLetterMapping } from "./aws/dead-letter-mapping.ts";
import { lambdaEnvironment, workerEnvironment } from "./aws/deployed-environment.ts";
import { startEcsEndpoint } from "./aws/ecs-endpoint.ts";
import type { Emulators } from "./aws/emulator-process.ts";
import { awsEnvironment, type Endpoints } from "./aws/endpoints.ts";
import { Fleet, taskName } from "./aws/fleet.ts";
import { type Invoke, startGateway } from "./aws/gateway.ts";
import { Lambdas } from "./aws/lambdas.ts";
import { startMemoryWatch } from "./aws/memory-watch.ts";
import { startPlatformMetrics } from "./aws/platform-metrics.ts";
import { createResources, forgetOtherJobTypes, type Resources, registerJobType, updateJobQueue } from "./aws/resources.ts";
import { ScalableTargets } from "./aws/scaling-endpoint.ts";
import { type Scheduler, startScheduler } from "./aws/scheduler.ts";
import { startServices } from "./aws/services.ts";
import { startTaskProcess } from "./aws/task-process.ts";
import { crashWords } from "./crash-words.ts";
import { declaredSchedules } from "./declared-schedules.ts";
import { localDeployments } from "./deployments.ts";
import { type EventSubscriber, startEventSubscriber } from "./event-subscriber.ts";
import { inspectorPorts } from "./inspectors.ts";
import { openKeptState } from "./kept-state.ts";
import { openRunFolder } from "./run-folder.ts";
import { type ChangedSettings, RunningTypes } from "./running-types.ts";
import { builtJobType, builtJobTypes, type WorkerBundle } from "./worker-bundles.ts";

export interface PlatformSettings {
  /** Port of the HTTP API. @default 0: any free one */
  readonly port?: number;
  /** How much faster than AWS's the clock of the alarms runs. @default 1 */
  readonly speed?: number;
  /** Worker processes that this machine runs at once. 0: jobs wait. @default twice its cores and 2 more */
  readonly maxWorkers?: number;
  /** Name of a job type whose worker waits for a debugger; empty for every type with a handler. @default none */
  readonly inspect?: string;
  /** Folder that keeps jobs, files, queues and schedules for the next start. @default they are gone at the end */
  readonly keep?: string;
  /** Names of the job types. @default every type that was built */
  readonly jobTypes?: readonly string[];
  /** Whether a subscriber receives the events. @default true */
  readonly events?: boolean;
  /** Folders of the job types' own folders, where their deployments are. @default those that `JOBS_FOLDERS` names */
  readonly jobs?: readonly string[];
  /** Folder of the bundles, of which the platform runs a copy. @default "dist" */
  readonly bundles?: string;
  /** Folder of the platform's runs, each of which has its files in one of its own. @default ".local/runs" */
  readonly runs?: string;
  /** Told in one sentence what people should know: a worker that crashed, a service that does not answer. */
  readonly report: (line: string) => void;
  /** @default process.env */
  readonly variables?: NodeJS.ProcessEnv;
}

export interface Platform {
  /** Address of the HTTP API. */
  readonly api: string;
  readonly endpoints: Endpoints;
  readonly resources: Resources;
  readonly jobTypes: readonly JobType[];
  readonly clients: PlatformClients;
  readonly fleet: Fleet;
  readonly scheduler: Scheduler;
  /** Names of the schedules that job types declare, `<type>.<name>`. */
  readonly schedules: readonly string[];
  /** Undefined where `events` is false. */
  readonly events: EventSubscriber | undefined;
  /** Ports on 127.0.0.1 at which workers wait for a debugger, by job type. */
  readonly inspectors: ReadonlyMap<string, number>;
  /** What new workers of a job type run. */
  readonly workerBundle: (jobType: string) => WorkerBundle;
  /** Where another build of it goes. */
  readonly nextBundle: (jobType: string) => WorkerBundle;
  /**
   * Takes another build of a job type: registers its settings, stops its workers in order, and starts others.
   *
   * @throws JobQueueError "MissingBuild"; the errors of the services.
   */
  readonly replaceWorkers: (jobType: string, bundle: WorkerBundle) => Promise<ChangedSettings & { readonly workers: number }>;
  /** The environment of a worker of this type, as a task gets it but without an ECS agent. */
  readonly workerEnvironment: (jobType: string) => NodeJS.ProcessEnv;
  /** Requests of the API and the workers; undefined where nothing is emulated. */
  readonly emulators: Emulators | undefined;
  /** Folder of the logs. */
  readonly logs: string;
  /**
   * Sets the clock of the scheduler, of the Lambdas and of workers that start from now on so many milliseconds ahead of the machine's: what is
   * due by then is due. It never goes back, and workers that run keep theirs.
   */
  readonly setClockAhead: (milliseconds: number) => void;
  /** Settles with a sentence when the platform cannot go on. */
  readonly failed: Promise<string>;
  stop(): Promise<void>;
}

/** How long workers may take to hand their jobs back when the platform stops; the emulators' state is lost anyway. */
const STOP_GRACE_MS = 5_000;

/**
 * Starts the whole platform on this machine: what is started, and in which order, is this function.
 *
 * @throws JobQueueError when a build is missing, the port is in use, or a process cannot be started.
 */
export async function startPlatform(settings: PlatformSettings): Promise<Platform> {
  const {
    port = 0,
    speed = 1,
    events = true,
    bundles = "dist",
    runs = ".local/runs",
    report,
    variables = process.env,
    jobs = jobsFolders(variables),
  } = settings;
  const maxTasks = settings.maxWorkers ?? 2 * availableParallelism() + 2;
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (let next = stops.pop(); next !== undefined; next = stops.pop()) await next();
  };
  try {
    const jobTypes = await builtJobTypes(path.join(bundles, "workers"), settings.jobTypes);
    const deployments = await localDeployments(await findJobFolders(jobs), jobTypes, report);
    // First of all that starts, because its port may be taken; requests that come early wait.
    const deployed = Promise.withResolvers<Lambdas>();
    const invoke: Invoke = async (name, event) => await (await deployed.promise).invoke(name, event);
    const gateway = await startGateway(invoke, port);
    stops.push(() => gateway.stop());
    const kept = settings.keep === undefined ? undefined : openKeptState(settings.keep);
    if (kept !== undefined) stops.push(async () => kept.close());
    await removeLeftoverGroups();
    const run = await openRunFolder({ root: runs, built: bundles });
    stops.push(() => run.close());
    const { logs } = run;

    const { endpoints, emulators } = await startServices(variables, path.join(logs, "emulators.log"), kept?.folder);
    if (emulators !== undefined) stops.push(() => emulators.stop());

    let clockAheadMs = 0;
    const types = new RunningTypes(run.bundles, jobTypes);
    const inspectors =
      settings.inspect === undefined ? new Map<string, number>() : await inspectorPorts(settings.inspect, jobTypes);
    const fleet = new Fleet({
      single: new Set(inspectors.keys()),
      services: jobTypes.map(({ name }) => name),
      maxTasks,
      report,
      told: (task) => crashWords(path.join(logs, `${taskName(task)}.log`)),
      startTask: (service, taskId) =>
        startTaskProcess({
          ...types.bundle(service),
          inspectorPort: inspectors.get(service),
          clockAheadMs,
          environment: {
            ...environment,
            ...deployments.variables.get(service),
            ...workerEnvironment(resources, service, `${ecs.address}/${taskId}`, speed),
          },
          log: path.join(logs, `${taskName({ service, id: taskId })}.log`),
        }),
    });
    const ecs = await startEcsEndpoint(fleet);
    stops.push(() => ecs.stop());
    const targets = new ScalableTargets(jobTypes.map(({ name, scaling }) => [name, { minTasks: 0, maxTasks: scaling.maxTasks }]));
    const scaling = await targets.listen();
    stops.push(() => scaling.stop());
    const environment = awsEnvironment(endpoints, ecs.address, variables);
    const clients = platformClients(endpoints, environment);
    const registration = { ...deployments, speed };
    const resources = await createResources(clients, { ...registration, jobTypes, events });
    if (kept !== undefined) await forgetOtherJobTypes(clients, jobTypes);
    // Of an earlier run whose jobs were kept.
    const names = jobTypes.map(({ name }) => name);
    const paused = await new Controls(clients.dynamoDb, resources.jobTypesTableName).paused(names);
    for (const name of paused.keys()) targets.suspend(name, true);
    const scheduler = await startScheduler({
      invoke: async (input) => await invoke("schedule", JSON.parse(input)),
      file: kept === undefined ? undefined : path.join(kept.folder, "schedules.json"),
      now: () => Date.now() + clockAheadMs,
      report,
    });
    stops.push(() => scheduler.stop());

    const metrics = await startPlatformMetrics({
      logs,
      speed,
      queueUrls: queueUrls(resources),
      runningTasks: (service) => fleet.service(service)?.runningCount ?? 0,
    });
    stops.push(() => metrics.server.stop());

    const lambdas = new Lambdas({
      folder: path.resolve(run.bundles, "handlers"),
      environment: {
        ...environment,
        ...lambdaEnvironment(resources, scheduler.address, scaling.address, metrics.server.address),
      },
      log: path.join(logs, "lambdas.log"),
      clockAheadMs: () => clockAheadMs,
      report,
    });
    await lambdas.start();
    deployed.resolve(lambdas);
    stops.push(() => lambdas.stop());
    const schedules = declaredSchedules(deployments);
    for (const [name, settings] of schedules) scheduler.put(name, settings);
    stops.push(() => fleet.stop(STOP_GRACE_MS));

    // A debugger takes memory that no container would have to give.
    const watched = jobTypes.filter(({ name }) => !inspectors.has(name));
    const memoryMiB = new Map(watched.map(({ name, container }) => [name, container.memoryMiB]));
    const background = [
      startMemoryWatch({
        tasks: () => fleet.tasks(),
        willEnd: (taskId, reason) => fleet.willEnd(taskId, reason),
        memoryMiB,
        report,
      }),
      startAutoscaler({
        sqs: clients.sqs,
        fleet,
        targets,
        jobTypes,
        queueUrls: queueUrls(resources),
        speed,
        observe: metrics.observe,
        report,
      }),
      startBatchSubscription({
        ...clients,
        invoke,
        queueUrl: resources.batchEventsQueueUrl,
        topicArn: resources.eventsTopicArn,
        report,
      }),
      ...[...resources.queues.values()].map(({ deadLetters }) =>
        startDeadLetterMapping({
          ...clients,
          invoke,
          queueUrl: deadLetters.url,
          queueArn: deadLetters.arn,
          report,
        }),
      ),
    ];
    stops.push(async () => {
      await Promise.all(background.map((loop) => loop.stop()));
    });
    const subscriber =
      resources.eventsQueueUrl === undefined
        ? undefined
        : startEventSubscriber({ ...clients, queueUrl: resources.eventsQueueUrl, report });
    if (subscriber !== undefined) stops.push(() => subscriber.stop());
    // Once more, so that they are the first to end.
    stops.push(() => scheduler.stop());
    stops.push(() => gateway.stop());

    return {
      api: gateway.address,
      endpoints,
      resources,
      jobTypes,
      clients,
      fleet,
      scheduler,
      schedules: [...schedules.keys()],
      events: subscriber,
      emulators,
      logs,
      inspectors,
      workerBundle: (jobType) => types.bundle(jobType),
      nextBundle: (jobType) => types.nextBundle(jobType),
      replaceWorkers: async (name, bundle) => {
        const jobType = await builtJobType(bundle);
        const queueUrl = resources.queues.get(name)?.url ?? "";
        await registerJobType(clients, jobType, queueUrl, registration);
        await updateJobQueue(clients, jobType, queueUrl);
        if (memoryMiB.has(name)) memoryMiB.set(name, jobType.container.memoryMiB);
        const changed = types.replace(jobType, bundle);
        // They remember entries of the registry for a while.
        if (changed.settings.length > 0) await lambdas.renew();
        return { ...changed, workers: fleet.replaceTasks(name) };
      },
      workerEnvironment: (jobType) => {
        const own = { ...deployments.variables.get(jobType), ...workerEnvironment(resources, jobType, "") };
        const { ECS_AGENT_URI: _, ...withoutAgent } = { ...environment, ...own };
        return withoutAgent;
      },
      setClockAhead: (milliseconds) => {
        clockAheadMs = Math.max(clockAheadMs, milliseconds);
        scheduler.clockSet();
      },
      failed: emulators?.ended ?? new Promise(() => undefined),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function queueUrls({ queues }: Resources): ReadonlyMap<string, string> {
  return new Map([...queues].map(([jobType, { url }]) => [jobType, url]));
}
