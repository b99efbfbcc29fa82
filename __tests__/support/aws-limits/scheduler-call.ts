import type { AwsCallInput, AwsRequest } from "./read-call.ts";

const PATH = /^\/schedules\/([^/?]+)/;
const OPERATIONS: Readonly<Record<string, string>> = {
  POST: "CreateSchedule",
  PUT: "UpdateSchedule",
  GET: "GetSchedule",
  DELETE: "DeleteSchedule",
};

/**
 * Reads a request to EventBridge Scheduler (REST): the name of the schedule is in its path.
 *
 * @returns undefined for any other request.
 */
export function readSchedulerCall({ method, url, body }: AwsRequest): AwsCallInput | undefined {
  const [, Name] = PATH.exec(url) ?? [];
  if (Name === undefined) return undefined;
  const text = body instanceof Uint8Array ? Buffer.from(body).toString() : String(body ?? "");
  const members = text === "" ? {} : (JSON.parse(text) as object);
  return { service: "scheduler", operation: OPERATIONS[method] ?? method, input: { ...members, Name: decodeURIComponent(Name) } };
}
