import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import type { Environment } from "../environments/environment.ts";
import type { Deployments } from "./deployments.ts";
import { jobTypeNames, partitionOf } from "./names.ts";

/** Fargate's processors, as image builders name them. */
const PLATFORMS = { ARM64: "linux/arm64", X86_64: "linux/amd64" } as const;

/** Tags of the workers' images, by job type. */
export type ImageTags = Readonly<Record<string, string>>;

/** The platform of an environment's images, such as `linux/arm64`. */
export function imagePlatform({ fargate }: Environment): string {
  return PLATFORMS[fargate.architecture];
}

/** The repository that a job type's stack makes, as one pushes to it; known before the stack is applied. */
export function imageRepositoryUrl(environment: Environment, jobType: string): string {
  const { accountId, region } = environment;
  const domain = partitionOf(region) === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  return `${accountId}.dkr.ecr.${region}.${domain}/${jobTypeNames(environment, jobType).repository}`;
}

/** The tag of an image that is built on another base than its Dockerfile's: that of its other content, and the base's name. */
export function tagOnBase(tag: string, base: string | undefined): string {
  if (base === undefined) return tag;
  return createHash("sha256")
    .update(JSON.stringify([tag, base]))
    .digest("hex")
    .slice(0, tag.length);
}

/**
 * Loads the tags that the build found for the images of an environment's platform; those of images on a base of their own follow
 * from them.
 *
 * @throws JobQueueError "MissingBuild" when the file is not there.
 */
export async function loadImageTags(file: string, environment: Environment, deployments: Deployments = {}): Promise<ImageTags> {
  if (!existsSync(file)) throw new JobQueueError("MissingBuild", `${file} is missing; run npm run build`);
  const tags = JSON.parse(await readFile(file, "utf8")) as Readonly<Record<string, ImageTags>>;
  const found = Object.entries(tags[imagePlatform(environment)] ?? {});
  return Object.fromEntries(found.map(([type, tag]) => [type, tagOnBase(tag, deployments[type]?.container.baseImage)]));
}
