import { type Operation, ROUTES } from "../../domain/routes.ts";
import type { ApiResponse } from "../../handlers/http/event.ts";
import { apiEvent, type RequestParts } from "../handlers/api-event.ts";
import { arnsOf } from "./deployed-arns.ts";
import type { Deployment } from "./deployment.ts";
import type { EmulatedDeployment } from "./emulated-deployment.ts";
import { API_GATEWAY } from "./principals.ts";

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
type Answer = any;
export type CallApi = (operation: Operation, parts?: RequestParts) => Promise<Answer>;

/** Calls the Lambdas as API Gateway does, and records that it did. */
export function apiOf(deployment: Deployment, { recorder, invoke }: EmulatedDeployment): CallApi {
  const { api, lambda: functionArn } = arnsOf(deployment);
  return async (operation, parts) => {
    const { lambda, method } = ROUTES[operation];
    const event = apiEvent(operation, parts);
    const input = { functionArn: functionArn(lambda), sourceArn: `${api}/$default/${method}${event.rawPath}` };
    recorder.record({ accessKey: API_GATEWAY, service: "lambda", operation: "Invoke", input });
    const { statusCode, body } = (await invoke(lambda, event)) as ApiResponse;
    if (statusCode >= 400) throw new Error(`${operation} answered ${statusCode}: ${body}`);
    return JSON.parse(body);
  };
}

/** Uploads a file for a canary job, as a caller of the API does. @returns what the job names. */
export async function upload(api: CallApi): Promise<string> {
  const content = "a,b\n1,2\n";
  const body = { type: "canary", name: "data", bytes: content.length, contentType: "text/csv" };
  const { upload: id, url, headers } = await api("createUpload", { body });
  const { status } = await fetch(url, { method: "PUT", headers, body: content });
  if (status !== 200) throw new Error(`${url} answered ${status}`);
  return id;
}

/** Downloads whatever a job links to, as a caller of the API does. */
export async function followLinks({ inputUrl, resultUrl, result, files }: Answer): Promise<void> {
  const links: string[] = [inputUrl, resultUrl, result?.pdf?.url, files?.data.url].filter((link) => link !== undefined);
  if (links.length === 0) throw new Error("the job links to nothing");
  for (const link of links) {
    const { status } = await fetch(link);
    if (status !== 200) throw new Error(`${link} answered ${status}`);
  }
}
