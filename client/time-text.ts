import { JobsApiError } from "./jobs-api-error.ts";

/** A time as the API takes it (RFC 3339). @throws JobsApiError `InvalidSetting` of a Date that is none. */
export function timeText(name: string, time: Date | string): string {
  if (typeof time === "string") return time;
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  throw new JobsApiError(`${name} is an invalid Date`, { code: "InvalidSetting" });
}
