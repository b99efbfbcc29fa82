import { chmod, readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import type { FileReference } from "./define-job.ts";
import { checkFileName } from "./job-context.ts";
import type { Run } from "./runner.ts";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".csv": "text/csv",
  ".html": "text/html",
  ".json": "application/json",
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".txt": "text/plain",
};

/** Read, write and search, for the owner alone. */
const OWNED = 0o700;

/**
 * Stores the files that a command left in its folder, one after the other, so that one of them at a time is in memory.
 *
 * @throws PermanentError for a name that is not allowed, the kill's reason once the run is killed, and what `putFile` throws.
 */
export async function storeFiles(run: Run, folder: string): Promise<Record<string, FileReference>> {
  const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile()).map(({ name }) => name);
  for (const name of names) checkFileName(name);
  const stored: Record<string, FileReference> = {};
  for (const name of names.sort()) {
    run.kill.throwIfAborted();
    const type = CONTENT_TYPES[path.extname(name).toLowerCase()] ?? "application/octet-stream";
    stored[name] = await run.putFile(name, await readFile(path.join(folder, name)), type);
  }
  return stored;
}

/** Removes a command's folder. What cannot be removed stays, and is logged: the command's outcome stands. */
export async function removeFiles(run: Pick<Run, "log">, folder: string): Promise<void> {
  // A command that was just killed may have been writing.
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 3 });
  try {
    await remove().catch(async () => {
      await openFolders(folder);
      await remove();
    });
  } catch (error) {
    run.log("warn", "the folder of the command's files could not be removed", { folder, detail: (error as Error).message });
  }
}

/** Only who may write to a folder can remove what is in it. */
async function openFolders(folder: string): Promise<void> {
  await chmod(folder, OWNED);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await openFolders(path.join(folder, entry.name));
  }
}
