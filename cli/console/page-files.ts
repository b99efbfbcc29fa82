import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

/** A file of the page. */
export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

/** The page itself, which shows every view. */
export const INDEX = "/index.html";

/**
 * Reads the built page, all of it: a request names a file that was read, and so none beside it.
 *
 * @returns its files by their paths, such as `/assets/index-1a2b.js`.
 * @throws Error with the code ENOENT where it was not built.
 */
export async function readPageFiles(folder: string): Promise<ReadonlyMap<string, PageFile>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && path.extname(entry.name) in TYPES);
  const read = files.map(async ({ parentPath, name }) => {
    const file = path.join(parentPath, name);
    const key = `/${path.relative(folder, file).split(path.sep).join("/")}`;
    return [key, { type: TYPES[path.extname(name)] ?? "", body: await readFile(file) }] as const;
  });
  return new Map(await Promise.all(read));
}

/** The addresses of the page's views; it reads the rest of the address itself. */
const VIEWS = /^\/(?:(?:jobs|batches|types)\/[A-Za-z0-9_-]{1,200}|jobs)?$/;

/** @returns the file of a path, which is the page for each of its views. */
export function pageFile(files: ReadonlyMap<string, PageFile>, requested: string): PageFile | undefined {
  return files.get(VIEWS.test(requested) ? INDEX : requested);
}
