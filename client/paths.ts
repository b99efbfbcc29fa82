import { idOf } from "./job.ts";
import { nameOf, type TypedJobType, type TypeOrName } from "./job-type.ts";
import { JobsApiError } from "./jobs-api-error.ts";

/** What has an ID, or the ID. */
type Named = { readonly id: string } | string;

export function pathOf(job: Named): string {
  return `/jobs/${pathPart(job, "job")}`;
}

export function batchPath(batch: Named): string {
  return `/batches/${pathPart(batch, "batch")}`;
}

export function typePath(type: TypeOrName<TypedJobType>): string {
  return `/job-types/${pathPart(nameOf(type), "job type")}`;
}

/** @throws JobsApiError `InvalidSetting` of what would be another path. */
function pathPart(named: Named, what: string): string {
  const id = idOf(named);
  if (id !== "" && id !== "." && id !== "..") return encodeURIComponent(id);
  throw new JobsApiError(`${JSON.stringify(id)} is no ID of a ${what}`, { code: "InvalidSetting" });
}
