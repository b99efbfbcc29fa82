import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import { buildHandlers } from "./build-handlers.ts";
import { buildImageTags } from "./build-image-tags.ts";
import { buildWorkers } from "./build-workers.ts";

/** `npm run build`: the Lambda bundles to dist/handlers, one worker per job type to dist/workers, the tags of their images. */
async function build(): Promise<void> {
  await Promise.all([buildHandlers(), buildWorkers()]);
  await buildImageTags();
}

/** esbuild has printed its errors, each with its line of source. */
function isPrinted(error: object): boolean {
  return "errors" in error && Array.isArray(error.errors);
}

build().catch((error: Error) => {
  if (!isPrinted(error)) console.error(error instanceof JobQueueError ? error.message : error);
  process.exitCode = 1;
});
