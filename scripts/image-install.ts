import { existsSync } from "node:fs";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import type { LockedPackage, PackagePlatform, PlacedPackage } from "./image-packages.ts";
import { runProgram } from "./run-program.ts";

/** What npm leaves in a folder of packages for itself. */
const NPM_FILES = [".bin", ".package-lock.json"];

/**
 * Copies packages from the checkout's node_modules to `<folder>/node_modules`.
 *
 * @throws JobQueueError "PackageNotInstalled" when one is missing, or is not of the locked version.
 */
export async function copyPackages(checkout: string, folder: string, packages: readonly PlacedPackage[]): Promise<void> {
  const ofTheirOwn = packages.filter(({ locked }) => !locked.inBundle);
  for (const { source, path: place, locked } of ofTheirOwn) {
    const from = path.join(checkout, source);
    const version = await versionOf(from);
    if (version !== locked.version) {
      const found = version === undefined ? "is missing" : `is version ${version} and not ${locked.version}`;
      throw new JobQueueError("PackageNotInstalled", `${source} ${found}; run npm ci`);
    }
    const bundles = packages.some((other) => other.locked.inBundle && other.source.startsWith(`${source}/`));
    await cp(from, path.join(folder, place), {
      recursive: true,
      filter: (file) => bundles || path.relative(from, file).split(path.sep)[0] !== "node_modules",
    });
  }
}

async function versionOf(folder: string): Promise<string | undefined> {
  const manifest = path.join(folder, "package.json");
  if (!existsSync(manifest)) return undefined;
  return (JSON.parse(await readFile(manifest, "utf8")) as { readonly version?: string }).version;
}

/**
 * Lets npm install packages for another platform to `<folder>/node_modules`, by a lock of their own.
 *
 * @throws JobQueueError "ProgramFailed" when npm cannot, for instance without a network; "PackageNotInstalled" when it left
 * one out.
 */
export async function installPackages(
  folder: string,
  packages: readonly PlacedPackage[],
  platform: PackagePlatform,
): Promise<void> {
  const manifest = {
    name: "worker-image",
    version: "1.0.0",
    private: true,
    dependencies: Object.fromEntries(
      packages.filter(({ direct }) => direct).map(({ path: place, locked }) => [nameAt(place), locked.version]),
    ),
  };
  const lock = { name: manifest.name, version: manifest.version, lockfileVersion: 3, requires: true };
  const files = {
    "package.json": manifest,
    "package-lock.json": { ...lock, packages: { "": manifest, ...lockEntries(packages) } },
  };
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(folder, name), JSON.stringify(content, null, 2));
  const flags = [`--os=${platform.os}`, `--cpu=${platform.cpu}`, `--libc=${platform.libc}`];
  // Scripts would run on this machine, and make what fits it and not the image.
  await runProgram("npm", ["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", ...flags], { cwd: folder });
  // npm passes over an optional package that it cannot get, and a native package without its build is of no use.
  for (const { path: place, locked } of packages) {
    if ((await versionOf(path.join(folder, place))) === locked.version) continue;
    const build = `${nameAt(place)} ${locked.version}`;
    throw new JobQueueError(
      "PackageNotInstalled",
      `npm could not get ${build}; use a version that the registry has, or another platform`,
    );
  }
  const leftovers = [...Object.keys(files), ...NPM_FILES.map((name) => path.join("node_modules", name))];
  await Promise.all(leftovers.map((name) => rm(path.join(folder, name), { recursive: true, force: true })));
}

/** The lock's entries, without optional packages for other platforms: npm considers a lock stale that lacks what it names. */
function lockEntries(packages: readonly PlacedPackage[]): Record<string, LockedPackage> {
  const names = new Set(packages.map(({ path: place }) => nameAt(place)));
  return Object.fromEntries(
    packages.map(({ path: place, locked: { optionalDependencies, ...locked } }) => {
      const optional = Object.entries(optionalDependencies ?? {}).filter(([name]) => names.has(name));
      return [place, { ...locked, ...(optional.length === 0 ? {} : { optionalDependencies: Object.fromEntries(optional) }) }];
    }),
  );
}

/** The name of the package in a folder such as `node_modules/@duckdb/node-api`. */
function nameAt(folder: string): string {
  return folder.slice(folder.lastIndexOf("node_modules/") + "node_modules/".length);
}
