import { open, statfs } from "node:fs/promises";
import path from "node:path";
import { JobQueueError, PermanentError } from "@autoscaling-job-queues/domain/errors";
import type { StoredFile } from "@autoscaling-job-queues/domain/job";
import pLimit from "p-limit";
import type { FileSource } from "./file-source.ts";
import { makeScratchFolder } from "./runners/commands/folder.ts";
import { removeFolder } from "./runners/commands/remove-folder.ts";

/** Bytes of a file that are read, and handed to a handler, at a time. */
export const READ_BYTES = 4 * 1_048_576;
/** Parts that one attempt reads at the same time: each is in memory as a whole. */
const READS_AT_A_TIME = 2;
/** What a file must leave free on the disk. */
export const KEPT_FREE_BYTES = 64 * 1_048_576;

/** One for all, as an error with a stack of its own costs something with each job. */
const JOB_OVER = new JobQueueError("JobOver", "the attempt has ended, and its files are read no more");

/** The files of one attempt's job: read part by part, and saved to a folder of the attempt's where a path is asked for. */
export class AttemptFiles {
  readonly #files: Readonly<Record<string, StoredFile>>;
  readonly #source: Pick<FileSource, "read">;
  readonly #over = new AbortController();
  readonly #attempt: AbortSignal;
  #joined: AbortSignal | undefined;
  readonly #inTurn = pLimit(READS_AT_A_TIME);
  readonly #saved = new Map<string, Promise<string>>();
  #folder: Promise<string> | undefined;

  /** @param signal ends what is under way. */
  constructor(files: Readonly<Record<string, StoredFile>>, source: Pick<FileSource, "read">, signal: AbortSignal) {
    this.#files = files;
    this.#source = source;
    this.#attempt = signal;
  }

  /** Made for the first file that is read: most jobs have none. */
  get #signal(): AbortSignal {
    this.#joined ??= AbortSignal.any([this.#attempt, this.#over.signal]);
    return this.#joined;
  }

  /**
   * The bytes of a file from `start` on, `READ_BYTES` at most: a buffer of their own.
   *
   * @throws PermanentError "NoSuchFile" or "FileUnavailable", the signal's reason, or S3's errors.
   */
  async read(name: string, start: number): Promise<Uint8Array<ArrayBuffer>> {
    const file = this.#file(name);
    if (!Number.isSafeInteger(start) || start < 0 || start >= file.bytes) {
      throw new RangeError(`file ${name} has ${file.bytes} bytes, and none at ${start}`);
    }
    const part = { start, bytes: Math.min(READ_BYTES, file.bytes - start) };
    return await this.#inTurn(() => this.#source.read(file, part, this.#signal));
  }

  /**
   * The path of a file on this machine, where it is until the attempt has ended. The first call downloads it.
   *
   * @throws JobQueueError "NotEnoughSpace", and what `read` throws.
   */
  async save(name: string): Promise<string> {
    const file = this.#file(name);
    const saved = this.#saved.get(name) ?? this.#download(name, file);
    this.#saved.set(name, saved);
    try {
      return await saved;
    } catch (error) {
      this.#saved.delete(name);
      throw error;
    }
  }

  /** Ends what is under way, which nobody waits for any more, and removes what was saved. @throws the system's error. */
  async end(): Promise<void> {
    this.#over.abort(JOB_OVER);
    await Promise.allSettled(this.#saved.values());
    const folder = await this.#folder?.catch(() => undefined);
    if (folder !== undefined) await removeFolder(folder);
  }

  #file(name: string): StoredFile {
    const file = Object.hasOwn(this.#files, name) ? this.#files[name] : undefined;
    if (file !== undefined) return file;
    throw new PermanentError(`the job has no file ${JSON.stringify(name)}`, { code: "NoSuchFile" });
  }

  async #download(name: string, file: StoredFile): Promise<string> {
    this.#signal.throwIfAborted();
    this.#folder ??= makeScratchFolder();
    const folder = await this.#folder;
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    if (free < file.bytes + KEPT_FREE_BYTES) throw notEnoughSpace(name, file, free);
    const target = path.join(folder, name);
    const handle = await open(target, "w");
    try {
      for (let start = 0; start < file.bytes; ) {
        const part = await this.read(name, start);
        await handle.appendFile(part);
        start += part.byteLength;
      }
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === "ENOSPC" ? notEnoughSpace(name, file, 0) : error;
    } finally {
      await handle.close();
    }
    return target;
  }
}

function notEnoughSpace(name: string, { bytes }: StoredFile, free: number): JobQueueError {
  return new JobQueueError(
    "NotEnoughSpace",
    `file ${name} has ${bytes} bytes, and the disk has ${free} free, of which ${KEPT_FREE_BYTES} are kept: read it as a stream ` +
      "(job.openFile), or raise container.ephemeralStorageGiB in deployment.ts",
  );
}
