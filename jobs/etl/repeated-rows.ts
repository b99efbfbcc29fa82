import { hash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { nextTurn } from "./next-turn.ts";
import type { ScratchFiles } from "./scratch-files.ts";

/** Of SHA-256: two different rows of as many as a file can have share these with a chance of less than one in 10^20. */
const DIGEST_BYTES = 16;
const ENTRY_BYTES = DIGEST_BYTES + 4;
/** Rows whose digests begin alike are compared at a time: a part of all that fits into memory. */
const PARTS = 256;
const CHUNK_BYTES = 800 * ENTRY_BYTES;

interface Part {
  chunk: Buffer | undefined;
  filled: number;
  /** Where in the file its full chunks are. */
  readonly written: number[];
}

/** Finds rows that were there before, among more of them than fit into memory. */
export class RepeatedRows {
  readonly #scratch: ScratchFiles;
  readonly #parts: readonly Part[] = Array.from({ length: PARTS }, () => ({ chunk: undefined, filled: 0, written: [] }));
  readonly #full: Part[] = [];
  #file: FileHandle | undefined;
  #size = 0;

  constructor(scratch: ScratchFiles) {
    this.#scratch = scratch;
  }

  /** @param values of the row, as text. `settle` must follow before many more. */
  add(row: number, values: string): void {
    const digest = hash("sha256", values, "buffer");
    const part = this.#parts[digest[0] as number] as Part;
    part.chunk ??= Buffer.alloc(CHUNK_BYTES);
    if (part.filled === part.chunk.byteLength) {
      // It is written at the next `settle`.
      part.chunk = Buffer.concat([part.chunk, Buffer.alloc(CHUNK_BYTES)]);
      this.#full.push(part);
    }
    digest.copy(part.chunk, part.filled, 0, DIGEST_BYTES);
    part.chunk.writeUInt32LE(row, part.filled + DIGEST_BYTES);
    part.filled += ENTRY_BYTES;
  }

  /** Makes room in memory. */
  async settle(): Promise<void> {
    for (const part of new Set(this.#full.splice(0))) {
      const chunk = part.chunk as Buffer;
      const whole = part.filled - (part.filled % CHUNK_BYTES);
      this.#file ??= await this.#scratch.open();
      for (let from = 0; from < whole; from += CHUNK_BYTES) {
        await this.#file.write(chunk, from, CHUNK_BYTES, this.#size);
        part.written.push(this.#size);
        this.#size += CHUNK_BYTES;
      }
      part.chunk = Buffer.alloc(CHUNK_BYTES);
      chunk.copy(part.chunk, 0, whole, part.filled);
      part.filled -= whole;
    }
  }

  /** Tells each row that has the values of an earlier one. */
  async find(tell: (row: number) => void, signal: AbortSignal): Promise<void> {
    for (const { chunk, filled, written } of this.#parts) {
      if (filled === 0) continue;
      await nextTurn(signal);
      const seen = new Set<string>();
      const compare = (entries: Buffer): void => {
        for (let at = 0; at < entries.byteLength; at += ENTRY_BYTES) {
          const digest = entries.toString("latin1", at, at + DIGEST_BYTES);
          if (seen.has(digest)) tell(entries.readUInt32LE(at + DIGEST_BYTES));
          seen.add(digest);
        }
      };
      const entries = Buffer.alloc(CHUNK_BYTES);
      for (const offset of written) {
        await this.#file?.read(entries, 0, CHUNK_BYTES, offset);
        compare(entries);
      }
      compare((chunk as Buffer).subarray(0, filled));
    }
  }
}
