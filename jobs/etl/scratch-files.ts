import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

/** A job's files on the container's disk. They have no names any more: whatever ends the job, nothing is left of them. */
export class ScratchFiles {
  readonly #files: FileHandle[] = [];

  async open(): Promise<FileHandle> {
    const folder = await mkdtemp(path.join(tmpdir(), "etl-"));
    try {
      const file = await open(path.join(folder, "scratch"), "w+");
      this.#files.push(file);
      return file;
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#files.splice(0).map(async (file) => await file.close()));
  }
}
