import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import type { Fleet } from "./fleet.ts";
import { type ListeningServer, listen } from "./listening.ts";
import { targetOperation } from "./request-counter.ts";
import { CLUSTER } from "./resources.ts";
import { type EcsAnswer, taskProtection } from "./task-protection.ts";

const ARN_PREFIX = "arn:aws:ecs:us-east-1:000000000000";
const PROTECTION_PATH = /^\/([0-9a-f]+)\/task-protection\/v1\/state$/;

export function taskArn(taskId: string): string {
  return `${ARN_PREFIX}:task/${CLUSTER}/${taskId}`;
}

/**
 * ECS as the wake call and the workers see it: the API's DescribeServices and UpdateService in AWS JSON 1.1, and for each
 * task the agent's task protection below `/<task ID>`.
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
  const operation = targetOperation(request.headers);
  const parameters = ((await json(request)) ?? {}) as Readonly<Record<string, unknown>>;
  if ((parameters.cluster ?? "default") !== CLUSTER) return apiError(400, "ClusterNotFoundException", "Cluster not found.");
  if (operation === "DescribeServices") return describeServices(fleet, parameters.services);
  if (operation === "UpdateService") return updateService(fleet, parameters);
  return apiError(400, "UnknownOperationException", `this endpoint has no ${operation}`);
}

function describeServices(fleet: Fleet, names: unknown): EcsAnswer {
  if (!Array.isArray(names) || names.length === 0 || names.length > 10) {
    return apiError(400, "InvalidParameterException", "services takes 1 to 10 names");
  }
  const known = names.filter((name) => fleet.service(name) !== undefined);
  const missing = names.filter((name) => fleet.service(name) === undefined);
  return {
    status: 200,
    body: {
      services: known.map((name) => serviceDescription(fleet, name)),
      failures: missing.map((name) => ({ arn: serviceArn(name), reason: "MISSING" })),
    },
  };
}

function updateService(fleet: Fleet, { service, desiredCount }: Readonly<Record<string, unknown>>): EcsAnswer {
  if (typeof service !== "string" || fleet.service(service) === undefined) {
    return apiError(400, "ServiceNotFoundException", "Service not found.");
  }
  if (desiredCount !== undefined) {
    if (typeof desiredCount !== "number" || !Number.isInteger(desiredCount) || desiredCount < 0) {
      return apiError(400, "InvalidParameterException", "desiredCount is a whole number from 0");
    }
    fleet.setDesiredCount(service, desiredCount);
  }
  return { status: 200, body: { service: serviceDescription(fleet, service) } };
}

function serviceDescription(fleet: Fleet, serviceName: string) {
  const clusterArn = `${ARN_PREFIX}:cluster/${CLUSTER}`;
  return { clusterArn, serviceArn: serviceArn(serviceName), serviceName, status: "ACTIVE", ...fleet.service(serviceName) };
}

function serviceArn(name: string): string {
  return `${ARN_PREFIX}:service/${CLUSTER}/${name}`;
}

function apiError(status: number, type: string, message: string): EcsAnswer {
  return { status, body: { __type: type, message } };
}

function send(response: ServerResponse, { status, body }: EcsAnswer): void {
  response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
  response.end(JSON.stringify(body));
}
