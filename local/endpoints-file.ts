import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Platform } from "./platform.ts";

/** Where `npm start` says what it started, for those who want to look inside. */
export const ENDPOINTS_FILE = ".local/endpoints.json";

export async function writeEndpointsFile({ api, endpoints, resources, logs }: Platform, file = ENDPOINTS_FILE): Promise<void> {
  const { sqs, sns, dynamodb, s3 } = endpoints;
  const { jobsTableName: jobsTable, eventsTopicArn } = resources;
  const queues = Object.fromEntries([...resources.queues].map(([jobType, { url }]) => [jobType, url]));
  const running = { logs: path.resolve(logs), pid: process.pid };
  const written = { api, sqs, sns, dynamodb, s3, jobsTable, eventsTopicArn, queues, ...running };
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(written, undefined, 2)}\n`);
}

export async function removeEndpointsFile(file = ENDPOINTS_FILE): Promise<void> {
  await rm(file, { force: true });
}
