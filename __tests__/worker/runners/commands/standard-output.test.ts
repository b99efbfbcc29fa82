import { PassThrough } from "node:stream";
import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { readStandardOutput } from "../../../../worker/runners/commands/standard-output.ts";
import { runs } from "../../../support/property-runs.ts";

async function read(chunks: readonly (Buffer | string)[], maxBytes = 1_000_000, onTooLarge = vi.fn()) {
  const stream = new PassThrough();
  const output = readStandardOutput(stream, maxBytes, onTooLarge);
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  return await output;
}

describe("the standard output of a command", () => {
  it("is text, wherever its characters are cut", async () => {
    const text = fc.string({ unit: "binary", maxLength: 30 }).map((value) => value.toWellFormed().replace(/^\ufeff+/, ""));
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        const bytes = [...Buffer.from(value)].map((byte) => Buffer.of(byte));
        expect(await read(bytes)).toEqual({ kind: "text", text: value });
      }),
      runs(30),
    );
  });

  it("is text past the size of a block too", async () => {
    for (const before of ["", "a", "ab", "abc"]) {
      const value = before + "🐤é".repeat(50_000);
      expect(await read([value])).toEqual({ kind: "text", text: value });
    }
  });

  it("may begin with a byte order mark", async () => {
    expect(await read([Buffer.from("efbbbf7b7d", "hex")])).toEqual({ kind: "text", text: "{}" });
  });

  it.each([
    ["Latin-1", Buffer.from('"caf\u00e9"', "latin1"), 0xe9, 4],
    ["UTF-16", Buffer.from("\ufeff{}", "utf16le"), 0xff, 0],
    ["a character that is cut off", Buffer.from("22e282", "hex"), 0xe2, 1],
    ["a byte past the first block", Buffer.concat([Buffer.alloc(70_001, "é"), Buffer.of(0x22)]), 0xc3, 70_000],
  ])("is no text in %s", async (_, bytes, byte, offset) => {
    expect(await read([bytes])).toEqual({ kind: "notUtf8", byte, offset });
    expect(await read([...bytes].map((one) => Buffer.of(one)))).toEqual({ kind: "notUtf8", byte, offset });
  });

  it("is too large past its limit, whatever it is, and says so once", async () => {
    const onTooLarge = vi.fn();
    expect(await read(["1234"], 4, onTooLarge)).toEqual({ kind: "text", text: "1234" });
    expect(onTooLarge).not.toHaveBeenCalled();
    expect(await read(["12345", "6"], 4, onTooLarge)).toEqual({ kind: "tooLarge" });
    expect(await read([Buffer.alloc(100_000, 0xff), "6"], 99_999)).toEqual({ kind: "tooLarge" });
    expect(onTooLarge).toHaveBeenCalledOnce();
  });
});
