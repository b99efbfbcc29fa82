import type { PlatformClients } from "../../../local/aws/clients.ts";
import { awsEnvironment, type Endpoints } from "../../../local/aws/endpoints.ts";

/** All services at the address of one process's network. */
export function endpointsAt(address: string): Endpoints {
  return { sqs: address, sns: address, s3: address, dynamodb: address };
}

/** What the SDK reads in a process with that address. */
export function environmentAt(address: string, ecs: string): NodeJS.ProcessEnv {
  const { PATH = "", NODE_COMPILE_CACHE } = process.env;
  return awsEnvironment(endpointsAt(address), ecs, { PATH, ...(NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }) });
}

/** The SDK calls the host of a queue's URL, so each process has one with its own address. */
export function queueUrlAt(address: string, queueUrl = ""): string {
  return `${address}${new URL(queueUrl).pathname}`;
}

export function destroyClients(clients: PlatformClients): void {
  for (const client of Object.values(clients)) client.destroy();
}
