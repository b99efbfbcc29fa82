import { buildHandlers } from "./build-handlers.ts";
import { buildImageTags } from "./build-image-tags.ts";
import { buildWorkers } from "./build-workers.ts";

/** `npm run build`: the Lambda bundles to dist/handlers, one worker per job type to dist/workers, the tags of their images. */
await Promise.all([buildHandlers(), buildWorkers()]);
await buildImageTags();
