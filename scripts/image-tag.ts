import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";

/** 64 bits: two contents of one repository meet by chance once in billions of images. */
const TAG_LENGTH = 16;

export interface ImageContent {
  readonly tag: string;
  /** Of all files. */
  readonly bytes: number;
}

/**
 * The tag of an image by its content: names, bytes and executable bits of the files, and settings that are in no file. The
 * same content has the same tag on every machine and at any time.
 */
export async function imageContent(folder: string, settings: readonly string[]): Promise<ImageContent> {
  const hash = createHash("sha256");
  let total = 0;
  for (const file of await filesOf(folder)) {
    const content = await readFile(path.join(folder, file));
    const { mode } = await stat(path.join(folder, file));
    total += content.length;
    hash.update(`${JSON.stringify([file.split(path.sep).join("/"), (mode & 0o100) !== 0, content.length])}\n`);
    hash.update(content);
  }
  hash.update(JSON.stringify(settings));
  return { tag: hash.digest("hex").slice(0, TAG_LENGTH), bytes: total };
}

/** Every file of a folder by its relative path, in an order that no locale changes. */
export async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => path.join(entry.parentPath, entry.name));
  return files.map((file) => path.relative(folder, file)).sort();
}
