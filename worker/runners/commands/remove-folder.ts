import { chmod, lstat, opendir, rename, rmdir, unlink } from "node:fs/promises";

/** Read, write and search, for the owner alone. */
const OWNED = 0o700;
/** A folder that is emptied while it is read may not show all of its entries at once. */
const MOST_READS = 10;
/** Entries that are removed at the same time: a command may leave hundreds of thousands, and its outcome waits until they are gone. */
const AT_A_TIME = 128;

/**
 * Removes a folder with all that is in it, whatever rights its folders have, however deep they are, and whatever bytes are in
 * their names. A link in its place is removed, and not what it leads to. Nothing of it must change meanwhile.
 *
 * @throws the system's error. The name of what is left then begins with the folder's.
 */
export async function removeFolder(folder: string): Promise<void> {
  const entry = await lstat(folder).catch(absent);
  if (entry === undefined) return;
  if (!entry.isDirectory()) {
    await unlink(folder);
    return;
  }
  // Each folder is moved beside the first before it is emptied: no path gets longer than the system takes.
  const folders = [folder];
  let moved = 0;
  const move = async (inner: Buffer): Promise<void> => {
    // Its entry `..` changes with the move.
    await chmod(inner, OWNED);
    moved += 1;
    await rename(inner, `${folder}.${moved}`);
    folders.push(`${folder}.${moved}`);
  };
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    await chmod(next, OWNED);
    for (let reads = 1; ; reads += 1) {
      await empty(next, move);
      const error = await rmdir(next).catch((thrown: NodeJS.ErrnoException) => thrown);
      if (error === undefined) break;
      if (error.code !== "ENOTEMPTY" || reads === MOST_READS) throw error;
    }
  }
}

async function empty(folder: string, move: (inner: Buffer) => Promise<void>): Promise<void> {
  const before = Buffer.from(`${folder}/`);
  let entries: Buffer[] = [];
  const unlinkAll = async (): Promise<void> => {
    await Promise.all(entries.map((entry) => unlink(entry)));
    entries = [];
  };
  // As bytes: a name that is not UTF-8 cannot be written as text.
  for await (const entry of await opendir(folder, { encoding: "buffer" as BufferEncoding, bufferSize: AT_A_TIME })) {
    const inner = Buffer.concat([before, entry.name as unknown as Buffer]);
    if (entry.isDirectory()) await move(inner);
    else if (entries.push(inner) === AT_A_TIME) await unlinkAll();
  }
  await unlinkAll();
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
