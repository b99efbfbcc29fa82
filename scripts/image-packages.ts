import { JobQueueError } from "@autoscaling-job-queues/domain/errors";

/** An entry of package-lock.json (lockfile version 3), as far as it matters here. */
export interface LockedPackage {
  readonly version?: string;
  /** Hash of the package's archive, by which npm tells that it got what was locked. */
  readonly integrity?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

export interface PackageLock {
  /** By folder: `node_modules/piscina`, `jobs/etl`. */
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** What npm calls `os`, `cpu` and `libc`. */
export interface PackagePlatform {
  readonly os: string;
  readonly cpu: string;
  readonly libc: string;
}

/** A workspace, and those of its packages that go into the image. */
export interface PackageRoot {
  /** The workspace's folder, such as `jobs/etl`. */
  readonly folder: string;
  readonly names: readonly string[];
}

export interface PlacedPackage {
  /** Where it goes in the image, such as `node_modules/piscina`. */
  readonly path: string;
  /** Where the checkout has it; also its key in the lock. */
  readonly source: string;
  /** Whether a workspace lists it; the others come as dependencies. */
  readonly direct: boolean;
  readonly locked: LockedPackage;
}

interface Requirement {
  readonly name: string;
  readonly optional: boolean;
  /** The requirer's places in the checkout and in the image; the image's is empty for a root. */
  readonly source: string;
  readonly path: string;
}

/**
 * Lays out packages, and all that they depend on, as a `node_modules` of their own. The versions are those of the lock. Two
 * versions of one package both find their place: the second one beside its requirer.
 *
 * @returns by path.
 * @throws JobQueueError "PackageNotLocked", "PackageConflict", "MissingIntegrity" when the lock does not say what a package holds,
 * or "MissingPlatformPackage" when it has no build of a native package for the platform.
 */
export function imagePackages(lock: PackageLock, roots: readonly PackageRoot[], platform: PackagePlatform): PlacedPackage[] {
  const placed = new Map<string, PlacedPackage>();
  const queue: Requirement[] = roots.flatMap(({ folder, names }) =>
    names.map((name) => ({ name, optional: false, source: folder, path: "" })),
  );
  for (let requirement = queue.shift(); requirement !== undefined; requirement = queue.shift()) {
    const source = find(lock.packages, requirement.source, requirement.name);
    const locked = source === undefined ? undefined : lock.packages[source];
    if (source === undefined || locked === undefined || (requirement.optional && !fits(locked, platform))) {
      if (requirement.optional) continue;
      throw notLocked(requirement, "is not in package-lock.json; run npm install");
    }
    if (locked.link) throw notLocked(requirement, "is a folder of this repository; list it in devDependencies, to be bundled");
    const path = placeFor(placed, requirement, source, locked);
    if (path === undefined) continue;
    checkIntegrity(source, locked);
    placed.set(path, { path, source, direct: requirement.path === "", locked });
    checkBuilds(lock, source, locked, platform);
    queue.push(...requirementsOf(locked).map((next) => ({ ...next, source, path })));
  }
  return [...placed.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function requirementsOf({ dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta }: LockedPackage) {
  const names = (from: Readonly<Record<string, string>> | undefined): string[] => Object.keys(from ?? {});
  return [
    ...names(dependencies).map((name) => ({ name, optional: optionalDependencies?.[name] !== undefined })),
    ...names(optionalDependencies).map((name) => ({ name, optional: true })),
    ...names(peerDependencies).map((name) => ({ name, optional: peerDependenciesMeta?.[name]?.optional ?? false })),
  ];
}

/** The folder that `require` in `folder` would find. */
function find<Entry>(entries: Readonly<Record<string, Entry>>, folder: string, name: string): string | undefined {
  return candidates(folder, name).find((candidate) => entries[candidate] !== undefined);
}

/** `node_modules/<name>` in a package's folder and, upwards, in all that contain it. */
function candidates(folder: string, name: string): string[] {
  const own = folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
  if (folder === "") return [own];
  const parent = folder.lastIndexOf("/node_modules/");
  return [own, ...candidates(parent === -1 ? "" : folder.slice(0, parent), name)];
}

/** @returns undefined when the requirer finds it already. */
function placeFor(
  placed: ReadonlyMap<string, PlacedPackage>,
  { name, path, source: requirer }: Requirement,
  source: string,
  { inBundle }: LockedPackage,
): string | undefined {
  const places = candidates(path, name);
  const found = places.map((place) => placed.get(place)).find((there) => there !== undefined);
  if (found?.source === source) return undefined;
  if (inBundle) {
    // It comes within the package that bundles it, and stays where that one expects it.
    const bundle = [...placed.values()].find((other) => !other.locked.inBundle && source.startsWith(`${other.source}/`));
    const place = bundle === undefined ? undefined : bundle.path + source.slice(bundle.source.length);
    return place === undefined || placed.has(place) ? undefined : place;
  }
  if (found === undefined) return places.at(-1);
  if (path !== "") return places[0];
  throw new JobQueueError(
    "PackageConflict",
    `${requirer} needs another version of ${name} than the worker, ${found.locked.version}; use that one`,
  );
}

/** Without its hash, whatever a registry calls by this name and version would go into the image. */
function checkIntegrity(source: string, locked: LockedPackage): void {
  if (isVerifiable(source, locked)) return;
  throw new JobQueueError(
    "MissingIntegrity",
    `package-lock.json has no integrity of ${source} ${locked.version}; add what npm view ${nameOf(source)}@${locked.version} dist.integrity prints`,
  );
}

/**
 * Whether npm can tell a changed package: by its own hash, or by that of the package that brings it along. Folders of the
 * repository and links to them have none.
 */
export function isVerifiable(source: string, { integrity, inBundle, link }: LockedPackage): boolean {
  return Boolean(integrity) || inBundle === true || link === true || !source.includes("node_modules/");
}

/** A native package lists one optional package per platform, and npm locks only those that the registry had to offer. */
function checkBuilds({ packages }: PackageLock, source: string, locked: LockedPackage, platform: PackagePlatform): void {
  const sources = Object.keys(locked.optionalDependencies ?? {}).map((name) => find(packages, source, name));
  if (!sources.includes(undefined)) return;
  if (sources.some((build) => build !== undefined && fits(packages[build] as LockedPackage, platform))) return;
  throw new JobQueueError(
    "MissingPlatformPackage",
    `package-lock.json has no build of ${nameOf(source)} ${locked.version} for ${platform.os}/${platform.cpu} (${platform.libc}); ` +
      "choose a version that has one, or another platform",
  );
}

function nameOf(source: string): string {
  return source.slice(source.lastIndexOf("node_modules/") + "node_modules/".length);
}

function notLocked({ source, name }: Requirement, problem: string): JobQueueError {
  return new JobQueueError("PackageNotLocked", `${source}: the package ${name} ${problem}`);
}

function fits({ os, cpu, libc }: LockedPackage, platform: PackagePlatform): boolean {
  return allows(os, platform.os) && allows(cpu, platform.cpu) && allows(libc, platform.libc);
}

/** npm's rule: a list of what is allowed, or of what is not, as in `!win32`. */
function allows(list: readonly string[] | undefined, value: string): boolean {
  if (list === undefined || list.length === 0) return true;
  if (list.includes(`!${value}`)) return false;
  const allowed = list.filter((entry) => !entry.startsWith("!"));
  return allowed.length === 0 || allowed.includes(value);
}
