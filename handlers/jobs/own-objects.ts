import type { PayloadLocation, StoredJob } from "@autoscaling-job-queues/domain/job";
import { INPUT_FOLDERS, isBelow } from "@autoscaling-job-queues/domain/payload";

/**
 * What S3 says of an object that is not there (without `s3:ListBucket`, which the Lambdas lack, that access is denied), or that is not
 * the one that was asked for any more.
 */
const GONE: ReadonlySet<string> = new Set(["NoSuchKey", "AccessDenied", "PreconditionFailed"]);

/**
 * Whether an object is one of the results bucket that belongs to this very job. Whoever broke into a worker may have written any other
 * into the jobs of its type, and the Lambdas' roles reach those of all types.
 */
export function isOwnObject(
  location: Pick<PayloadLocation, "bucket" | "key"> | undefined,
  { bucket, folder, job: { type, id } }: OwnFolder,
): boolean {
  const folders = folder === "inputs" ? INPUT_FOLDERS : [folder];
  return location?.bucket === bucket && folders.some((own) => isBelow(location.key, `${own}/${type}/${id}/`));
}

/** Where a job's inputs are, or its results. */
export interface OwnFolder {
  readonly bucket: string;
  readonly folder: "inputs" | "results";
  readonly job: Pick<StoredJob, "id" | "type">;
}

/** Whether S3 threw because an object is not there, or is another than it was. */
export function isGone(error: unknown): boolean {
  return GONE.has((error as Error).name);
}
