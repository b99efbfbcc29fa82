import { availableParallelism } from "node:os";
import path from "node:path";
import { Controls } from "@autoscaling-job-queues/domain/controls";
import { findJobFolders, jobsFolders } from "@autoscaling-job-queues/domain/find-job-folders";
import { platformClients } from "./aws/clients.ts";
import { removeLeftoverGroups } from "./aws/control-group.ts";
import { lambdaEnvironment, workerEnvironment } from "./aws/deployed-environment.ts";
import { startEcsEndpoint } from "./aws/ecs-endpoint.ts";
import { awsEnvironment } from "./aws/endpoints.ts";
import { Fleet, taskName } from "./aws/fleet.ts";
import { type Invoke, startGateway } from "./aws/gateway.ts";
import { Lambdas } from "./aws/lambdas.ts";
import { startPlatformMetrics } from "./aws/platform-metrics.ts";
import { createResources, forgetOtherJobTypes, registerJobType, updateJobQueue } from "./aws/resources.ts";
import { ScalableTargets } from "./aws/scaling-endpoint.ts";
import { startScheduler } from "./aws/scheduler.ts";
import { startServices } from "./aws/services.ts";
import { startTaskProcess } from "./aws/task-process.ts";
import { startBackground } from "./background.ts";
import { crashWords } from "./crash-words.ts";
import { declaredSchedules } from "./declared-schedules.ts";
import { localDeployments } from "./deployments.ts";
import { startEventSubscriber } from "./event-subscriber.ts";
import { inspectorPorts } from "./inspectors.ts";
import { openKeptState } from "./kept-state.ts";
import type { Platform, PlatformSettings } from "./platform-types.ts";
import { openRunFolder } from "./run-folder.ts";
import { RunningTypes } from "./running-types.ts";
import { builtJobType, builtJobTypes } from "./worker-bundles.ts";

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

    const urls = new Map([...resources.queues].map(([jobType, { url }]) => [jobType, url]));
    const metrics = await startPlatformMetrics({
      logs,
      speed,
      queueUrls: urls,
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
    const background = startBackground({
      clients,
      resources,
      jobTypes,
      fleet,
      targets,
      queueUrls: urls,
      memoryMiB,
      speed,
      invoke,
      observe: metrics.observe,
      report,
    });
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
