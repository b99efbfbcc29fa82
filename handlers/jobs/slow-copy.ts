import { MAX_COPY_SECONDS } from "@autoscaling-job-queues/domain/limits";
import { Problem } from "../http/problem.ts";

/** Of a copy that took too long. */
const TIMED_OUT: ReadonlySet<string> = new Set(["AbortError", "TimeoutError"]);

/**
 * What a caller is told whose objects S3 does not copy in time; undefined for another error.
 *
 * @param error of a copy.
 * @param objects all that were to be copied.
 * @param words which bytes these are, and what the caller can do.
 */
export function slowCopy(
  error: unknown,
  objects: readonly { readonly bytes: number }[],
  { what, advice }: { readonly what: string; readonly advice: string },
): Problem | undefined {
  if (!TIMED_OUT.has((error as Error).name)) return undefined;
  const bytes = objects.reduce((sum, object) => sum + object.bytes, 0);
  return new Problem("Unavailable", `the ${bytes} bytes ${what} were not copied in ${MAX_COPY_SECONDS} s: ${advice}`);
}
