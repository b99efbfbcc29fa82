import { readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { JobQueueError, SettingsError } from "./errors.ts";

/** A job type's folder, found but not read. */
export interface FoundJobFolder {
  /** Its own name, which is the job type's. */
  readonly name: string;
  readonly path: string;
  /** Whether it is one of the checkout's own `jobs/`, where the examples are. */
  readonly isExample: boolean;
}

/** Where job types are unless `JOBS_FOLDERS` names other folders. */
const EXAMPLES = "jobs";

/**
 * The folders of job types' folders: those in `JOBS_FOLDERS`, written as `PATH` is. Relative ones start at the checkout.
 * @default the checkout's `jobs`
 */
export function jobsFolders({ JOBS_FOLDERS = "" }: NodeJS.ProcessEnv = process.env): readonly string[] {
  const named = JOBS_FOLDERS.split(path.delimiter).filter((folder) => folder !== "");
  return named.length === 0 ? [EXAMPLES] : named;
}

/**
 * Finds the job types' folders, by name: each folder in one of these, and each symbolic link to a folder.
 *
 * @throws SettingsError when one of the folders is not there.
 * @throws JobQueueError "InvalidJobFolder" for a broken link, and for two folders of one name.
 */
export async function findJobFolders(roots: readonly string[] = jobsFolders()): Promise<FoundJobFolder[]> {
  const found = (await Promise.all(roots.map(foldersIn))).flat();
  const byName = new Map<string, FoundJobFolder>();
  for (const folder of found) {
    const other = byName.get(folder.name);
    if (other !== undefined) throw invalid(folder.path, `${other.path} has the same name; a job type has one folder`);
    byName.set(folder.name, folder);
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function foldersIn(root: string): Promise<FoundJobFolder[]> {
  const names = await readdir(root).catch(() => {
    throw new SettingsError("environment variable JOBS_FOLDERS", root, "folders of job types' folders");
  });
  const isExample = (await followed(root)) === (await followed(EXAMPLES));
  const folders = names
    .filter((name) => !name.startsWith(".") && name !== "node_modules")
    .map(async (name) => {
      const folder = path.join(root, name);
      return (await isFolder(folder)) ? [{ name, path: folder, isExample }] : [];
    });
  return (await Promise.all(folders)).flat();
}

/** Where a folder is, past links: the examples' is known by whatever name. A checkout need not have one. */
async function followed(folder: string): Promise<string> {
  return await realpath(folder).catch(() => path.resolve(folder));
}

async function isFolder(entry: string): Promise<boolean> {
  try {
    return (await stat(entry)).isDirectory();
  } catch (error) {
    throw invalid(entry, `it is a link that leads nowhere (${(error as NodeJS.ErrnoException).code}); mend or remove it`);
  }
}

function invalid(folder: string, message: string): JobQueueError {
  return new JobQueueError("InvalidJobFolder", `${folder}: ${message}`);
}
