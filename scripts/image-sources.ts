import { readFile, realpath } from "node:fs/promises";
import path from "node:path";
import { tagOnBase } from "../modules/worker-image.ts";
import { imagePackages, type PackageLock, type PackagePlatform, type PackageRoot } from "./image-packages.ts";
import { folderDigest, imageTag } from "./image-tag.ts";
import type { JobFolder } from "./job-folders.ts";

export const DOCKERFILE = "worker/Dockerfile";

/** Platforms of Fargate, as image builders name them; the base image is Debian, so the C library is glibc. */
export const IMAGE_PLATFORMS: Readonly<Record<string, PackagePlatform>> = {
  "linux/arm64": { os: "linux", cpu: "arm64", libc: "glibc" },
  "linux/amd64": { os: "linux", cpu: "x64", libc: "glibc" },
};

/** The built worker of a job type. */
export function bundleOf({ jobType }: JobFolder): string {
  return path.join("dist/workers", jobType.name);
}

/** The packages that the image of a job type holds beside its bundle, by who lists them. */
export async function packageRoots({ path: folder, project, dependencies }: JobFolder): Promise<PackageRoot[]> {
  return [{ folder: path.relative(project, await realpath(folder)), names: dependencies }];
}

/**
 * Prepares to tell the tag of a job type's image for any platform; the bundle must have been built.
 *
 * @returns the tag, by one of {@link IMAGE_PLATFORMS} and, where it is not the Dockerfile's, the base image. It throws what
 * {@link imagePackages} throws.
 */
export async function imageTagger(job: JobFolder): Promise<(platform: string, base?: string) => string> {
  const lock = JSON.parse(await readFile(path.join(job.project, "package-lock.json"), "utf8")) as PackageLock;
  const dockerfile = await readFile(DOCKERFILE, "utf8");
  const roots = await packageRoots(job);
  const bundleDigest = await folderDigest(bundleOf(job));
  return (platform, base) => {
    const packages = imagePackages(lock, roots, IMAGE_PLATFORMS[platform] as PackagePlatform);
    return tagOnBase(imageTag({ dockerfile, bundleDigest, packages, platform }), base);
  };
}
