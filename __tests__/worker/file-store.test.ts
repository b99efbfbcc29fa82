import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { GetObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FileStore } from "../../worker/file-store.ts";
import { PART_BYTES } from "../../worker/upload-limits.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";

let emulators: Emulators;
let files: FileStore;
let folder: string;

beforeAll(async () => {
  emulators = await startEmulators();
  files = new FileStore(emulators.resultsBucket);
  folder = await mkdtemp(path.join(tmpdir(), "file-store-"));
});
afterAll(async () => {
  await emulators.stop();
  await rm(folder, { recursive: true });
});

const TYPE = "application/octet-stream";

async function stored(Key: string) {
  const { Body, ContentType, ETag } = await emulators.s3.send(new GetObjectCommand({ Bucket: emulators.resultsBucket, Key }));
  // S3 marks the tag of what was uploaded in parts with their number.
  const [, parts = "1"] = /-(\d+)"$/.exec(ETag ?? "") ?? [];
  return { bytes: Buffer.from((await Body?.transformToByteArray()) ?? []), contentType: ContentType, parts: Number(parts) };
}

async function unfinished(): Promise<number> {
  const { Uploads = [] } = await emulators.s3.send(new ListMultipartUploadsCommand({ Bucket: emulators.resultsBucket }));
  return Uploads.length;
}

async function exists(key: string): Promise<boolean> {
  const { KeyCount } = await emulators.s3.send(new ListObjectsV2Command({ Bucket: emulators.resultsBucket, Prefix: key }));
  return KeyCount === 1;
}

/** Bytes whose order can be told, so many of them. */
const bytesOf = (length: number): Buffer => {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at += 4_096) bytes.writeUInt32LE(at % 2 ** 32, Math.min(at, Math.max(0, length - 4)));
  return bytes;
};
const LARGE = bytesOf(2 * PART_BYTES + 17);

describe("a file of a job", () => {
  it.each<[string, () => Parameters<FileStore["put"]>[1], Buffer, number]>([
    ["text, as UTF-8", () => "Grüße 😀", Buffer.from("Grüße 😀"), 1],
    ["no bytes", () => new Uint8Array(0), Buffer.alloc(0), 1],
    ["a part of a buffer", () => Buffer.from("0123456789").subarray(2, 5), Buffer.from("234"), 1],
    ["bytes that fill a part", () => bytesOf(PART_BYTES), bytesOf(PART_BYTES), 1],
    ["bytes past a part", () => LARGE, LARGE, 3],
    ["a Node stream", () => Readable.from([LARGE.subarray(0, 7), LARGE.subarray(7)], { objectMode: false }), LARGE, 3],
    ["a Node stream of text", () => Readable.from(["Grü", "ße"]), Buffer.from("Grüße"), 1],
    ["a stream without a chunk", () => Readable.from([]), Buffer.alloc(0), 1],
    ["a web stream", () => new Blob([LARGE]).stream() as ReadableStream<Uint8Array>, LARGE, 3],
    [
      "a generator",
      async function* () {
        yield "a";
        yield new Uint8Array(0);
        yield Buffer.from("b");
      },
      Buffer.from("ab"),
      1,
    ],
  ])("is stored from %s", async (name, content, bytes, parts) => {
    const key = `results/etl/1/1/files/${name.replaceAll(/\W/g, "-")}`;
    const value = content();
    const source = typeof value === "function" ? (value as () => AsyncIterable<string>)() : value;
    expect(await files.put(key, source, TYPE)).toEqual({ bucket: "results", key, bytes: bytes.byteLength });
    const found = await stored(key);
    expect(found).toMatchObject({ contentType: TYPE, parts });
    expect(found.bytes.equals(bytes)).toBe(true);
  });

  it("is stored from a file's path, however large it is", async () => {
    const file = path.join(folder, "large.bin");
    await writeFile(file, LARGE);
    expect(await files.put("files/from-path", { path: file }, TYPE)).toMatchObject({ bytes: LARGE.byteLength });
    const { bytes, parts } = await stored("files/from-path");
    expect([bytes.equals(LARGE), parts]).toEqual([true, 3]);
  });

  it.each<[string, unknown]>([
    ["a number", 7],
    ["nothing", undefined],
    ["null", null],
    ["a list of numbers", [1, 2]],
    ["an object", {}],
    ["a stream of objects", Readable.from([{ a: 1 }])],
    ["a folder", { path: tmpdir() }],
  ])("is not stored from %s", async (_, content) => {
    await expect(files.put("files/wrong", content as string, TYPE)).rejects.toMatchObject({
      name: "PermanentError",
      code: "InvalidFileContent",
    });
    expect(await exists("files/wrong")).toBe(false);
  });

  it("is not stored from a path where there is no file", async () => {
    const gone = { path: path.join(folder, "gone") };
    await expect(files.put("files/gone", gone, TYPE)).rejects.toMatchObject({ code: "ENOENT" });
  });
});

describe("a file that cannot be stored whole", () => {
  it("leaves nothing behind where its content fails", async () => {
    const failing = async function* () {
      yield LARGE;
      throw new RangeError("the source is gone");
    };
    await expect(files.put("files/failing", failing(), TYPE)).rejects.toThrow(new RangeError("the source is gone"));
    expect([await exists("files/failing"), await unfinished()]).toEqual([false, 0]);
  });

  it("leaves nothing behind where it is given up, although its content stands still", async () => {
    const abort = new AbortController();
    const read = Promise.withResolvers<void>();
    const stalled = async function* () {
      yield LARGE;
      read.resolve();
      await new Promise(() => {});
    };
    const storing = files.put("files/stalled", stalled(), TYPE, { signal: abort.signal });
    await read.promise;
    abort.abort(new Error("the job was killed"));
    await expect(storing).rejects.toThrow("the job was killed");
    await expect.poll(unfinished).toBe(0);
    expect(await exists("files/stalled")).toBe(false);
  });

  it("is not begun where it was given up before", async () => {
    const source = Readable.from(["a"]);
    const signal = AbortSignal.abort(new Error("the job was killed"));
    await expect(files.put("files/never", source, TYPE, { signal })).rejects.toThrow("the job was killed");
    expect(await exists("files/never")).toBe(false);
  });

  it("closes the stream that it read from", async () => {
    const source = new Readable({
      read() {
        this.push(LARGE);
      },
    });
    const abort = new AbortController();
    const storing = files.put("files/endless", source, TYPE, { signal: abort.signal });
    await once(source, "data");
    abort.abort(new Error("the job was killed"));
    await expect(storing).rejects.toThrow("the job was killed");
    await expect.poll(() => source.destroyed).toBe(true);
  });
});
