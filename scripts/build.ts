import { buildHandlers } from "./build-handlers.ts";
import { buildWorkers } from "./build-workers.ts";

/** `npm run build`: the Lambda bundles to dist/handlers, one worker per job type to dist/workers. */
await Promise.all([buildHandlers(), buildWorkers()]);
