import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Endpoints } from "./aws/endpoints.ts";
import type { Platform } from "./platform-types.ts";

/** Where `npm start` says what it started, for those who want to look inside. */
export const ENDPOINTS_FILE = ".local/endpoints.json";

/** What stands there: addresses, names and ARNs. */
export interface RunningPlatform extends Endpoints {
  readonly api: string;
  readonly jobsTable: string;
  readonly jobTypesTable: string;
  readonly eventsTopicArn: string;
  /** URLs by job type. */
  readonly queues: Readonly<Record<string, string>>;
  /** The address of EventBridge Scheduler. */
  readonly scheduler: string;
  readonly logs: string;
  readonly pid: number;
}

export async function writeEndpointsFile(
  { api, endpoints, resources, logs, scheduler }: Platform,
  file = ENDPOINTS_FILE,
): Promise<void> {
  const { sqs, sns, dynamodb, s3 } = endpoints;
  const { jobsTableName: jobsTable, jobTypesTableName: jobTypesTable, eventsTopicArn } = resources;
  const queues = Object.fromEntries([...resources.queues].map(([jobType, { url }]) => [jobType, url]));
  const running = { scheduler: scheduler.address, logs: path.resolve(logs), pid: process.pid };
  const named = { jobsTable, jobTypesTable, eventsTopicArn, queues };
  const written: RunningPlatform = { api, sqs, sns, dynamodb, s3, ...named, ...running };
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(written, undefined, 2)}\n`);
}

export async function removeEndpointsFile(file = ENDPOINTS_FILE): Promise<void> {
  await rm(file, { force: true });
}
