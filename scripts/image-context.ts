import { existsSync } from "node:fs";
import { chmod, cp, lstat, mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import { copyPackages, installPackages } from "./image-install.ts";
import { imagePackages, type PackageLock, type PackagePlatform, type PackageRoot } from "./image-packages.ts";
import { filesOf } from "./image-tag.ts";

export interface ImageContextSettings {
  /** The folder of the repository's package-lock.json and node_modules. */
  readonly checkout: string;
  /** The worker of one job type, such as `dist/workers/document`. */
  readonly bundle: string;
  readonly dockerfile: string;
  readonly roots: readonly PackageRoot[];
  readonly platform: PackagePlatform;
  /** The platform of the packages in the checkout. */
  readonly installed: PackagePlatform;
}

/** What Node never loads. */
const NOT_LOADED = /\.(?:map|d\.[cm]?ts)$/;

/**
 * Writes the folder that an image is built from: the Dockerfile, `app`, and `node_modules` with the packages outside of the
 * bundle, in the versions of the repository's lock. For the checkout's platform they are copied, so no network is needed;
 * for another one npm installs them.
 *
 * @throws JobQueueError "MissingBuild", "PackageNotInstalled", or what {@link imagePackages} throws.
 */
export async function writeImageContext(folder: string, settings: ImageContextSettings): Promise<void> {
  const { checkout, bundle, platform, installed } = settings;
  if (!existsSync(path.join(bundle, "worker.mjs"))) {
    throw new JobQueueError("MissingBuild", `${path.join(bundle, "worker.mjs")} is missing; run npm run build`);
  }
  const lock = JSON.parse(await readFile(path.join(checkout, "package-lock.json"), "utf8")) as PackageLock;
  const packages = imagePackages(lock, settings.roots, platform);

  await mkdir(path.join(folder, "node_modules"), { recursive: true });
  await cp(settings.dockerfile, path.join(folder, "Dockerfile"));
  await cp(bundle, path.join(folder, "app"), {
    recursive: true,
    filter: (file) => path.relative(bundle, file).split(path.sep)[0] !== "node_modules",
  });
  const same = JSON.stringify(platform) === JSON.stringify(installed);
  await (same ? copyPackages(checkout, folder, packages) : installPackages(folder, packages, platform));
  await tidy(folder);
}

/** Leaves what the worker loads, with modes that depend on no umask. */
async function tidy(folder: string): Promise<void> {
  for (const file of await filesOf(folder)) {
    const full = path.join(folder, file);
    const status = await lstat(full);
    // npm's links to programs are of no use in an image.
    const unused = NOT_LOADED.test(file) || status.isSymbolicLink();
    if (unused && file.startsWith("node_modules")) await rm(full);
    else await chmod(full, (status.mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}
