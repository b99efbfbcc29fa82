import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";

/** What is known of a large object beside its bytes. */
export interface KeptObject {
  readonly bucket: string;
  readonly key: string;
  readonly bytes: number;
  readonly etag: string;
  /** Epoch milliseconds: tells it from another object that has taken its place. */
  readonly modifiedAt: number;
}

/** The large objects of the emulated S3 in a folder: each a file with its bytes, and one that says whose they are. */
export class KeptObjects {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** Keeps the bytes of an open file. @returns the file to read them from. */
  async keep(object: KeptObject, file: FileHandle): Promise<FileHandle> {
    const name = this.#name(object);
    const kept = await open(name, "w+");
    for await (const chunk of file.createReadStream({ start: 0, autoClose: false })) await kept.appendFile(chunk as Buffer);
    // Last, so that what it names is whole.
    writeFileSync(`${name}.json`, JSON.stringify(object));
    return kept;
  }

  /**
   * Opens those that are still there, and removes the others.
   *
   * @param isThere whether the store has this object.
   */
  async open(
    isThere: (object: KeptObject) => boolean,
  ): Promise<readonly { readonly object: KeptObject; readonly file: FileHandle }[]> {
    const found: { readonly object: KeptObject; readonly file: FileHandle }[] = [];
    const described = new Set<string>();
    for (const entry of readdirSync(this.#folder).filter((name) => name.endsWith(".json"))) {
      const object = JSON.parse(readFileSync(path.join(this.#folder, entry), "utf8")) as KeptObject;
      if (!isThere(object)) continue;
      const name = this.#name(object);
      described.add(path.basename(name)).add(`${path.basename(name)}.json`);
      found.push({ object, file: await open(name, "r") });
    }
    for (const name of readdirSync(this.#folder)) if (!described.has(name)) rmSync(path.join(this.#folder, name));
    return found;
  }

  #name({ bucket, key, modifiedAt }: KeptObject): string {
    const name = createHash("sha256")
      .update(JSON.stringify([bucket, key, modifiedAt]))
      .digest("hex");
    return path.join(this.#folder, name);
  }
}
