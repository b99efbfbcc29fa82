import { JobQueueError } from "@autoscaling-job-queues/domain/errors";

/** Ends a program that builds: says what is wrong, unless esbuild has, each error with its line of source. */
export function failed(error: Error): void {
  if (!isPrinted(error)) console.error(error instanceof JobQueueError ? error.message : error);
  process.exitCode = 1;
}

function isPrinted(error: object): boolean {
  return "errors" in error && Array.isArray(error.errors);
}
