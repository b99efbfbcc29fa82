import { readdir } from "node:fs/promises";
import path from "node:path";

/** The TypeScript files of some folders, tests and packages aside. */
export async function sourceFiles(folders: readonly string[]): Promise<string[]> {
  const entries = await Promise.all(folders.map((folder) => readdir(folder, { recursive: true, withFileTypes: true })));
  return entries
    .flat()
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !/\.(?:test|d)\.ts$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !file.includes("node_modules"))
    .sort();
}
