import { hash } from "node:crypto";
import { type Dirent, readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from "node:fs";
import path from "node:path";

/** What is there under a path, for comparison: a file's content and executable bit, where a link leads, or nothing. */
export type Digests = Readonly<Record<string, string>>;

const NOTHING = "nothing";
/** Folders that no build reads as sources; what it reads of packages it names file by file. */
const SKIPPED: ReadonlySet<string> = new Set(["node_modules", ".git"]);

/** Digests of single files, by the paths given; also of those that are not there. */
export function fileDigests(files: Iterable<string>): Digests {
  return Object.fromEntries([...files].sort().map((file) => [file, fileDigest(file)]));
}

/** Digests of every file of a folder, by path: also through links that lead to folders, as job types' folders may be. */
export function sourceDigests(folder: string): Digests {
  return digestsIn(folder, isFolder);
}

/** Digests of every file of a folder, and of links by where they lead. */
export function outputDigests(folder: string): Digests {
  return digestsIn(folder, undefined);
}

function digestsIn(folder: string, follows: ((link: string) => boolean) | undefined): Digests {
  const digests: Record<string, string> = {};
  const walk = (current: string, above: readonly string[]): void => {
    const entries = readEntries(current);
    if (entries.length === 0) return;
    // What a link leads back up to has been seen.
    const here = realpathSync(current);
    if (above.includes(here)) return;
    for (const entry of entries) {
      const full = path.join(current, entry.name);
      if (entry.isSymbolicLink() && follows === undefined) digests[full] = `to ${readlinkSync(full)}`;
      else if (entry.isDirectory() || (entry.isSymbolicLink() && follows?.(full) === true)) {
        if (follows === undefined || !SKIPPED.has(entry.name)) walk(full, [...above, here]);
      } else if (!isEndless(entry)) digests[full] = fileDigest(full);
    }
  };
  walk(folder, []);
  return digests;
}

/** What programs talk through has no content: to read a pipe would wait for one of them. */
function isEndless(entry: Dirent): boolean {
  return entry.isSocket() || entry.isFIFO() || entry.isCharacterDevice() || entry.isBlockDevice();
}

function isFolder(entry: string): boolean {
  try {
    return statSync(entry).isDirectory();
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

function readEntries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

function fileDigest(file: string): string {
  try {
    const executable = (statSync(file).mode & 0o100) !== 0;
    return `${hash("sha256", readFileSync(file))}${executable ? " executable" : ""}`;
  } catch (error) {
    if (isAbsent(error)) return NOTHING;
    throw error;
  }
}

/** Also what only looks like a path, such as a module that esbuild has made up, and a link that leads to itself. */
function isAbsent(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR", "EISDIR", "EINVAL", "ELOOP"].includes((error as NodeJS.ErrnoException).code ?? "");
}
