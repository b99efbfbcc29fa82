import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AttemptFiles, READ_BYTES } from "../../worker/attempt-files.ts";

const file = (bytes: number) => ({ bytes, contentType: "text/csv", key: "uploads/etl/o/u/data", etag: '"e"' });
const never = new AbortController().signal;

/** Gives bytes of 7, and says how many reads were under way at once. */
function source() {
  let underWay = 0;
  let most = 0;
  const read = vi.fn(async (_file: object, { bytes }: { readonly start: number; readonly bytes: number }) => {
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise(setImmediate);
    underWay -= 1;
    return new Uint8Array(bytes).fill(7);
  });
  return { read, most: () => most };
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "attempt-files-"));
  vi.stubEnv("TMPDIR", folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

describe("the files of an attempt", () => {
  it("are read in parts that fit into memory, the last one shorter", async () => {
    const { read } = source();
    const files = new AttemptFiles({ data: file(READ_BYTES + 5) }, { read }, never);
    expect((await files.read("data", 0)).byteLength).toBe(READ_BYTES);
    expect((await files.read("data", READ_BYTES)).byteLength).toBe(5);
    expect(read).toHaveBeenLastCalledWith(file(READ_BYTES + 5), { start: READ_BYTES, bytes: 5 }, expect.any(AbortSignal));
  });

  it("are read two parts at a time at most, however many are asked for", async () => {
    const { read, most } = source();
    const files = new AttemptFiles({ data: file(100) }, { read }, never);
    await Promise.all(Array.from({ length: 50 }, (_, start) => files.read("data", start)));
    expect(most()).toBe(2);
  });

  it.each([-1, 100, 0.5, Number.NaN, 2 ** 53])("have no byte at %d", async (start) => {
    const files = new AttemptFiles({ data: file(100) }, source(), never);
    await expect(files.read("data", start)).rejects.toThrow(RangeError);
  });

  it.each(["other", "constructor", "../data"])("are none but those that the job has: %s", async (name) => {
    const files = new AttemptFiles({ data: file(1) }, source(), never);
    const refusal = { name: "PermanentError", code: "NoSuchFile" };
    await expect(files.read(name, 0)).rejects.toMatchObject(refusal);
    await expect(files.save(name)).rejects.toMatchObject(refusal);
  });

  it("are saved once, and gone when the attempt has ended", async () => {
    const { read } = source();
    const files = new AttemptFiles({ data: file(READ_BYTES + 1), empty: file(0) }, { read }, never);
    const [one, other] = await Promise.all([files.save("data"), files.save("data")]);
    expect(other).toBe(one);
    expect(read).toHaveBeenCalledTimes(2);
    const bytes = await readFile(one);
    expect([bytes.byteLength, bytes.every((byte) => byte === 7)]).toEqual([READ_BYTES + 1, true]);
    expect(path.dirname(await files.save("empty"))).toBe(path.dirname(one));
    expect(await readFile(await files.save("empty"), "utf8")).toBe("");
    await files.end();
    expect(existsSync(one)).toBe(false);
    expect(await readdir(folder)).toEqual([]);
  });

  it("are not saved where the disk has no room for them", async () => {
    const { read } = source();
    const files = new AttemptFiles({ data: file(2 ** 50) }, { read }, never);
    await expect(files.save("data")).rejects.toMatchObject({
      code: "NotEnoughSpace",
      message: expect.stringMatching(/^file data has 1125899906842624 bytes, and the disk has \d+ free/),
    });
    expect(read).not.toHaveBeenCalled();
    await files.end();
  });

  it("can be saved again after a failure", async () => {
    const read = vi.fn(source().read);
    read.mockRejectedValueOnce(new Error("S3 is slow"));
    const files = new AttemptFiles({ data: file(3) }, { read }, never);
    await expect(files.save("data")).rejects.toThrow("S3 is slow");
    expect(await readFile(await files.save("data"))).toEqual(Buffer.alloc(3, 7));
    await files.end();
  });

  it("are read no more when the attempt has ended, whatever its handler left under way", async () => {
    const begun = Promise.withResolvers<AbortSignal>();
    const read = async (_file: object, _part: object, signal: AbortSignal): Promise<never> => {
      begun.resolve(signal);
      await once(signal, "abort");
      throw signal.reason;
    };
    const files = new AttemptFiles({ data: file(3), empty: file(0) }, { read }, never);
    const left = files.save("data").catch((error: Error) => error);
    const signal = await begun.promise;
    await files.end();
    expect(signal.aborted).toBe(true);
    expect(await left).toMatchObject({ code: "JobOver" });
    await expect(files.save("empty")).rejects.toMatchObject({ code: "JobOver" });
    expect(await readdir(folder)).toEqual([]);
  });

  it("leave nothing behind where none was saved", async () => {
    await new AttemptFiles({ data: file(3) }, source(), never).end();
    expect(await readdir(folder)).toEqual([]);
  });
});
