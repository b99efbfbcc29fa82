import { buildHandlers } from "./build-handlers.ts";
import { buildImageTags } from "./build-image-tags.ts";
import type { Made } from "./build-when-changed.ts";
import { buildWorkers } from "./build-workers.ts";
import { madeOf } from "./bundle.ts";

/** Builds all that runs on AWS, and the tags of the workers' images. */
export async function buildBundles(): Promise<Made> {
  const made = await Promise.all([buildHandlers(), buildWorkers()]);
  await buildImageTags();
  return madeOf(made);
}
