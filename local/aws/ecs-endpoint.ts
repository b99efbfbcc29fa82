import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { runningTaskShape, serviceArn, serviceShape, stoppedTaskShape, taskArn } from "./ecs-shapes.ts";
import type { Fleet } from "./fleet.ts";
import { type ListeningServer, listen } from "./listening.ts";
import { targetOperation } from "./request-counter.ts";
import { CLUSTER } from "./resources.ts";
import { type EcsAnswer, taskProtection } from "./task-protection.ts";

type Parameters = Readonly<Record<string, unknown>>;

const PROTECTION_PATH = /^\/([0-9a-f]+)\/task-protection\/v1\/state$/;
/** Services of one DescribeServices, tasks of one DescribeTasks, tasks of a page of ListTasks, at most (ECS API reference). */
const MAX_SERVICES = 10;
const MAX_TASKS = 100;

/** The calls of ECS's API that this machine answers. */
const OPERATIONS: Readonly<Record<string, (fleet: Fleet, parameters: Parameters) => EcsAnswer>> = {
  DescribeServices: describeServices,
  UpdateService: updateService,
  ListTasks: listTasks,
  DescribeTasks: describeTasks,
};

/**
 * ECS as the Lambdas and the workers see it: calls of its API in AWS JSON 1.1, and for each task the agent's task protection below
 * `/<task ID>`.
 */
export async function startEcsEndpoint(fleet: Fleet): Promise<ListeningServer> {
  return await listen((request, response) => {
    answer(fleet, request)
      .catch(() => apiError(400, "SerializationException", "the body is not JSON"))
      .then((result) => send(response, result))
      .catch(() => response.destroy());
  });
}

async function answer(fleet: Fleet, request: IncomingMessage): Promise<EcsAnswer> {
  const [, taskId] = PROTECTION_PATH.exec(request.url ?? "") ?? [];
  if (taskId !== undefined) {
    const body = request.method === "PUT" ? await json(request) : undefined;
    return taskProtection(fleet, { taskId, taskArn: taskArn(taskId), method: request.method ?? "GET", body, now: Date.now() });
  }
  const operation = targetOperation(request.headers) ?? "";
  const parameters = ((await json(request)) ?? {}) as Parameters;
  if (lastPart(parameters.cluster ?? "default") !== CLUSTER)
    return apiError(400, "ClusterNotFoundException", "Cluster not found.");
  const perform = OPERATIONS[operation];
  return perform?.(fleet, parameters) ?? apiError(400, "UnknownOperationException", `this endpoint has no ${operation}`);
}

function describeServices(fleet: Fleet, { services: names }: Parameters): EcsAnswer {
  if (!Array.isArray(names) || names.length === 0 || names.length > MAX_SERVICES) {
    return apiError(400, "InvalidParameterException", `services takes 1 to ${MAX_SERVICES} names`);
  }
  const asked = names.map((name) => ({ name: lastPart(name), shape: serviceShape(fleet, lastPart(name)) }));
  const services = asked.flatMap(({ shape }) => shape ?? []);
  const missing = asked.filter(({ shape }) => shape === undefined);
  return {
    status: 200,
    body: { services, failures: missing.map(({ name }) => ({ arn: serviceArn(name), reason: "MISSING" })) },
  };
}

function updateService(fleet: Fleet, { service, desiredCount }: Parameters): EcsAnswer {
  const name = lastPart(service);
  if (fleet.service(name) === undefined) return apiError(400, "ServiceNotFoundException", "Service not found.");
  if (desiredCount !== undefined) {
    if (typeof desiredCount !== "number" || !Number.isInteger(desiredCount) || desiredCount < 0) {
      return apiError(400, "InvalidParameterException", "desiredCount is a whole number from 0");
    }
    fleet.setDesiredCount(name, desiredCount);
  }
  return { status: 200, body: { service: serviceShape(fleet, name) } };
}

/** By the status that ECS wants them to have: a task that was told to stop is listed as stopped. No page is longer than one. */
function listTasks(fleet: Fleet, { serviceName, desiredStatus = "RUNNING" }: Parameters): EcsAnswer {
  const name = lastPart(serviceName);
  if (fleet.service(name) === undefined) return apiError(400, "ServiceNotFoundException", "Service not found.");
  if (desiredStatus !== "RUNNING" && desiredStatus !== "STOPPED" && desiredStatus !== "PENDING") {
    return apiError(400, "InvalidParameterException", "desiredStatus is RUNNING, PENDING or STOPPED");
  }
  const started = fleet.tasks().filter(({ service }) => service === name);
  const stopping = started.filter((task) => task.stopping);
  const running = started.filter((task) => !task.stopping);
  // None is pending: a task has started or it waits for a place, and then it does not exist.
  const listed = { RUNNING: running, PENDING: [], STOPPED: [...stopping, ...fleet.story(name).stopped] }[desiredStatus];
  return { status: 200, body: { taskArns: listed.slice(0, MAX_TASKS).map(({ id }) => taskArn(id)) } };
}

function describeTasks(fleet: Fleet, { tasks: names }: Parameters): EcsAnswer {
  if (!Array.isArray(names) || names.length === 0 || names.length > MAX_TASKS) {
    return apiError(400, "InvalidParameterException", `tasks takes 1 to ${MAX_TASKS} IDs or ARNs`);
  }
  const stopped = fleet.services.flatMap((service) => fleet.story(service).stopped);
  const shapes = new Map([
    ...stopped.map((task) => [task.id, stoppedTaskShape(task)] as const),
    ...fleet.tasks().map((task) => [task.id, runningTaskShape(task)] as const),
  ]);
  const asked = names.map((name) => ({ id: lastPart(name), shape: shapes.get(lastPart(name)) }));
  const missing = asked.filter(({ shape }) => shape === undefined);
  return {
    status: 200,
    body: {
      tasks: asked.flatMap(({ shape }) => shape ?? []),
      failures: missing.map(({ id }) => ({ arn: taskArn(id), reason: "MISSING" })),
    },
  };
}

/** The name of what may be named by its ARN, too. */
function lastPart(name: unknown): string {
  return String(name).split("/").at(-1) ?? "";
}

function apiError(status: number, type: string, message: string): EcsAnswer {
  return { status, body: { __type: type, message } };
}

function send(response: ServerResponse, { status, body }: EcsAnswer): void {
  response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
  response.end(JSON.stringify(body));
}
