import { writeFile } from "node:fs/promises";
import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import { IMAGE_PLATFORMS, imageTagger } from "./image-sources.ts";
import { type JobFolder, jobFolders } from "./job-folders.ts";

/** Where synth finds the tags: `{ "<platform>": { "<job type>": "<tag>" } }`. */
const IMAGE_TAGS = "dist/image-tags.json";

/**
 * Writes the tag of every job type's image for every platform, so that Terraform runs what `npm run image` builds from the
 * same sources. A type whose packages cannot run on a platform has no tag there; `npm run image` says why.
 */
export async function buildImageTags(): Promise<void> {
  const folders = await jobFolders();
  const taggers = await Promise.all(folders.map(async (job) => ({ job, tagFor: await imageTagger(job) })));
  const tags = Object.keys(IMAGE_PLATFORMS).map((platform) => [
    platform,
    Object.fromEntries(taggers.flatMap(({ job, tagFor }) => tagOn(platform, job, tagFor))),
  ]);
  await writeFile(IMAGE_TAGS, `${JSON.stringify(Object.fromEntries(tags), null, 2)}\n`);
}

function tagOn(platform: string, { jobType }: JobFolder, tagFor: (platform: string) => string): [string, string][] {
  try {
    return [[jobType.name, tagFor(platform)]];
  } catch (error) {
    if (error instanceof JobQueueError && error.code === "MissingPlatformPackage") return [];
    throw error;
  }
}
