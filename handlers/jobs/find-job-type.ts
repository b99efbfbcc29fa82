import { isJobTypeName, JOB_TYPE_NAME } from "@autoscaling-job-queues/domain/job-type-name";
import type { JobTypeRegistry, RegistryEntry } from "@autoscaling-job-queues/domain/job-type-registry";

/** JSON Schema of a job type's name. */
export const JOB_TYPE_NAME_SCHEMA = {
  type: "string",
  pattern: JOB_TYPE_NAME.pattern.source,
  maxLength: JOB_TYPE_NAME.maxLength,
} as const;

/** Looks up a job type by whatever a caller gave as its name; what cannot be one is not asked for, as it may be no key for DynamoDB. */
export async function findJobType(registry: Pick<JobTypeRegistry, "get">, name: unknown): Promise<RegistryEntry | undefined> {
  return typeof name === "string" && isJobTypeName(name) ? await registry.get(name) : undefined;
}
