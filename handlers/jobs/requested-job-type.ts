import type { JobTypeRegistry, RegistryEntry } from "@autoscaling-job-queues/domain/job-type-registry";
import type { ApiRequest } from "../http/event.ts";
import { findJobType } from "./find-job-type.ts";
import { unknownJobType } from "./read-typed-body.ts";

/** The job type in the path. @throws Problem 404 where there is none. */
export async function requestedJobType(
  { pathParameters: { name = "" } }: ApiRequest,
  registry: Pick<JobTypeRegistry, "get">,
): Promise<RegistryEntry> {
  const jobType = await findJobType(registry, name);
  if (jobType === undefined) throw unknownJobType(name);
  return jobType;
}
