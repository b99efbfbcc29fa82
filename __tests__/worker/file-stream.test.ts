import { describe, expect, it, vi } from "vitest";
import { fileStream } from "../../worker/file-stream.ts";

/** Gives three bytes at a time of so many, each its own place. */
const source = (bytes: number) =>
  vi.fn(async (start: number) => Uint8Array.from({ length: Math.min(3, bytes - start) }, (_, index) => start + index));

describe("a file's stream", () => {
  it.each([0, 1, 3, 4, 6, 7])("gives all %i bytes, in parts, and ends", async (bytes) => {
    const seen: number[] = [];
    for await (const part of fileStream(bytes, source(bytes))) seen.push(...part);
    expect(seen).toEqual(Array.from({ length: bytes }, (_, index) => index));
  });

  it("reads nothing until it is asked, and no part ahead", async () => {
    const read = source(9);
    const stream = fileStream(9, read);
    await Promise.resolve();
    expect(read).not.toHaveBeenCalled();
    const reader = stream.getReader();
    await reader.read();
    expect(read).toHaveBeenCalledTimes(1);
    await reader.cancel();
    expect(read).toHaveBeenCalledTimes(1);
  });

  it("ends with the error of a part that cannot be read", async () => {
    const reader = fileStream(9, async (start) => {
      if (start > 0) throw new Error("gone");
      return new Uint8Array(3);
    }).getReader();
    expect((await reader.read()).value).toHaveLength(3);
    await expect(reader.read()).rejects.toThrow("gone");
  });
});
