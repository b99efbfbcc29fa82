import type { JobTypeRegistry } from "@autoscaling-job-queues/domain/job-type-registry";
import type { Answer } from "../http/api-handler.ts";
import { jsonResponse } from "../http/event.ts";
import { type ApiDescription, withJobTypes } from "./job-type-inputs.ts";

/** The file of the description, which the build writes beside the Lambda's bundle. */
export const DESCRIPTION_FILE = "openapi.json";

export interface DescribeApiDependencies {
  /** Reads the description's JSON; few calls ask for it, and none of the others waits for it. */
  readonly read: () => Promise<string>;
  readonly registry: Pick<JobTypeRegistry, "list">;
}

/** `GET /openapi.json`: the description, with the job types that there are now: they come and go without the platform. */
export function describeApi({ read, registry }: DescribeApiDependencies): Answer {
  return async () => {
    const [text, jobTypes] = await Promise.all([read(), registry.list()]);
    return jsonResponse(200, JSON.stringify(withJobTypes(JSON.parse(text) as ApiDescription, jobTypes)));
  };
}
