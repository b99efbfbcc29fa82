import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import type { Environment } from "../environments/environment.ts";
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

/**
 * Loads the tags that the build found for the images of an environment's platform.
 *
 * @throws JobQueueError "MissingBuild" when the file is not there.
 */
export async function loadImageTags(file: string, environment: Environment): Promise<ImageTags> {
  if (!existsSync(file)) throw new JobQueueError("MissingBuild", `${file} is missing; run npm run build`);
  const tags = JSON.parse(await readFile(file, "utf8")) as Readonly<Record<string, ImageTags>>;
  return tags[imagePlatform(environment)] ?? {};
}
