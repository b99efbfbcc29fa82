import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import type { PlacedPackage } from "./image-packages.ts";

/** 64 bits: two contents of one repository meet by chance once in billions of images. */
const TAG_LENGTH = 16;
/** Raised when this code lays the same sources out to another image. */
const LAYOUT = 1;

/** What decides the content of an image. */
export interface ImageContent {
  /** The text of the Dockerfile. */
  readonly dockerfile: string;
  /** The {@link folderDigest} of the worker's bundle. */
  readonly bundleDigest: string;
  /** The packages outside of the bundle. */
  readonly packages: readonly PlacedPackage[];
  /** As image builders name it, such as `linux/arm64`. */
  readonly platform: string;
}

/**
 * The tag of an image by its content. Packages count by their locked versions, so that the tag is known on every machine,
 * without a network and before the packages for the platform are there.
 */
export function imageTag({ dockerfile, bundleDigest, packages, platform }: ImageContent): string {
  const locked = packages.map(({ path: place, locked: { version, integrity } }) => [place, version ?? "", integrity ?? ""]);
  const content = JSON.stringify([LAYOUT, dockerfile, bundleDigest, locked, platform]);
  return createHash("sha256").update(content).digest("hex").slice(0, TAG_LENGTH);
}

/**
 * A hash of names, bytes and executable bits of a folder's files: the same on every machine and at any time. Its
 * `node_modules` does not count.
 */
export async function folderDigest(folder: string): Promise<string> {
  const hash = createHash("sha256");
  for (const file of (await filesOf(folder)).filter((name) => name.split(path.sep)[0] !== "node_modules")) {
    const content = await readFile(path.join(folder, file));
    const { mode } = await stat(path.join(folder, file));
    hash.update(`${JSON.stringify([file.split(path.sep).join("/"), (mode & 0o100) !== 0, content.length])}\n`);
    hash.update(content);
  }
  return hash.digest("hex");
}

/** Every file of a folder by its relative path, in an order that no locale changes. */
export async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => path.join(entry.parentPath, entry.name));
  return files.map((file) => path.relative(folder, file)).sort();
}
