import { constants } from "node:fs";
import { type FileHandle, lstat, open, opendir, realpath } from "node:fs/promises";
import path from "node:path";
import { JobQueueError, PermanentError } from "@autoscaling-job-queues/domain/errors";
import type { FileReference } from "../../define-job.ts";
import { checkFileName } from "../../job-context.ts";
import { MAX_FILE_BYTES } from "../../upload-limits.ts";
import type { Run } from "../runner.ts";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".csv": "text/csv",
  ".html": "text/html",
  ".json": "application/json",
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".txt": "text/plain",
};

/** Files that a command can leave: each is a call to S3 or more, one after the other, and a reference in the result. */
export const MAX_FILES = 1_000;
/** Entries that the log names because they are not files. */
const MAX_NAMED = 10;

/** Neither follows a link nor waits for a pipe's writer, whatever has taken the place of a file. */
const READ_FILE = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Stores the files that a command left in its folder, one after the other, each as it is read. The command must have ended, with
 * all that it started. Folders are left out; so are links, pipes and the like, which is logged.
 *
 * @throws PermanentError for a folder that is a link now, and for names, numbers and sizes that are not allowed: then nothing is
 * stored; the kill's reason once the run is killed; and what `putFile` throws.
 */
export async function storeFiles(run: Run, folder: string): Promise<Record<string, FileReference>> {
  const names = await fileNames(run, folder);
  for (const name of names) checkSize(name, (await lstat(path.join(folder, name))).size);
  const stored: Record<string, FileReference> = {};
  for (const name of names) {
    run.kill.throwIfAborted();
    const file = await open(path.join(folder, name), READ_FILE);
    try {
      stored[name] = await storeFile(run, name, file);
    } finally {
      await file.close();
    }
  }
  return stored;
}

async function fileNames(run: Run, folder: string): Promise<string[]> {
  const place = await realpath(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  if (place === undefined) return [];
  if (place !== folder) throw new PermanentError("the folder $JOB_FILES is a link now", { code: "FilesFolderReplaced" });
  const [names, others]: [string[], string[]] = [[], []];
  for await (const entry of await opendir(folder)) {
    if (entry.isDirectory()) continue;
    if (!entry.isFile()) {
      if (others.length < MAX_NAMED) others.push(entry.name);
      continue;
    }
    checkFileName(entry.name);
    names.push(entry.name);
    if (names.length > MAX_FILES) {
      throw new PermanentError(`the command left more than ${MAX_FILES} files in $JOB_FILES`, { code: "TooManyFiles" });
    }
  }
  if (others.length > 0) run.log("warn", "what is neither file nor folder in $JOB_FILES is left out", { names: others });
  return names.sort();
}

/** Stores as many bytes as the open file has now. No process is left that could change it; if one does, the attempt fails. */
async function storeFile(run: Run, name: string, file: FileHandle): Promise<FileReference> {
  const stat = await file.stat();
  if (!stat.isFile()) throw changed(name);
  checkSize(name, stat.size);
  const type = CONTENT_TYPES[path.extname(name).toLowerCase()] ?? "application/octet-stream";
  if (stat.size === 0) return await run.putFile(name, new Uint8Array(), type);
  const content = file.createReadStream({ start: 0, end: stat.size - 1, autoClose: false });
  const reference = await run.putFile(name, content, type);
  if (reference.bytes !== stat.size) throw changed(name);
  return reference;
}

function checkSize(name: string, bytes: number): void {
  if (bytes <= MAX_FILE_BYTES) return;
  throw new PermanentError(`${name} has ${bytes} bytes; a file may have ${MAX_FILE_BYTES}`, { code: "FileTooLarge" });
}

function changed(name: string): JobQueueError {
  return new JobQueueError("FileChanged", `${name} changed while it was stored`);
}
