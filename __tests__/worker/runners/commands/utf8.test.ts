import { isUtf8 } from "node:buffer";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readableText, validUntil, wholeCharacters } from "../../../../worker/runners/commands/utf8.ts";
import { runs } from "../../../support/property-runs.ts";

const anyBytes = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
/** Bytes that are often close to UTF-8. */
const nearlyUtf8 = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary", maxLength: 4 }).map((text) => Buffer.from(text)),
      anyBytes,
    ),
    { maxLength: 6 },
  )
  .map((parts) => Buffer.concat(parts));

describe("where UTF-8 ends", () => {
  it.each([
    ["nothing", "", 0],
    ["ASCII", "61 62", 2],
    ["Latin-1", "61 e9 62", 1],
    ["a lone continuation", "80", 0],
    ["an overlong slash", "61 c0 af", 1],
    ["half a surrogate pair", "ed a0 80", 0],
    ["more than Unicode has", "f4 90 80 80", 0],
    ["a character that is cut off", "61 e2 82", 1],
    ["a byte order mark of UTF-16", "ff fe 61 00", 0],
  ])("is told for %s", (_, hex, end) => {
    expect(validUntil(Buffer.from(hex.replaceAll(" ", ""), "hex"))).toBe(end);
  });

  it("is the end exactly where Node finds nothing wrong", async () => {
    await fc.assert(
      fc.property(nearlyUtf8, (bytes) => (validUntil(bytes) === bytes.length) === isUtf8(bytes)),
      runs(500),
    );
  });

  it("is never within a character: what is cut there, and went on, is whole on both sides", async () => {
    const cut = fc.tuple(
      fc.string({ unit: "binary" }).map((text) => Buffer.from(text.toWellFormed())),
      fc.nat(),
    );
    await fc.assert(
      fc.property(cut, ([bytes, at]) => {
        const end = wholeCharacters(bytes.subarray(0, at % (bytes.length + 1)));
        return isUtf8(bytes.subarray(0, end)) && isUtf8(bytes.subarray(end));
      }),
      runs(500),
    );
  });

  it("keeps all of what is no character anyway", () => {
    for (const hex of ["", "61", "80808080", "ff", "e282ac", "c0"]) {
      const bytes = Buffer.from(hex, "hex");
      expect(wholeCharacters(bytes)).toBe(bytes.length);
    }
  });
});

describe("the text of any bytes", () => {
  it.each([
    ["Grüße, 日本, 🐤\ttab", Buffer.from("Grüße, 日本, 🐤\ttab"), "Grüße, 日本, 🐤\ttab"],
    ["Latin-1", Buffer.from("caf\u00e9 cr\u00e8me", "latin1"), "caf\\xe9 cr\\xe8me"],
    ["a character that is cut off", Buffer.from("61e282", "hex"), "a\\xe2\\x82"],
    ["what a terminal would obey", Buffer.from("\u001b[31mred\u0007\0\u007f\u0085"), "\\x1b[31mred\\x07\\x00\\x7f\\x85"],
    ["a replacement character that was written", Buffer.from("\ufffd"), "\ufffd"],
  ])("shows %s", (_, bytes, text) => {
    expect(readableText(bytes)).toBe(text);
  });

  it("has no control character but the tab, and no replacement character that was not there", async () => {
    await fc.assert(
      fc.property(nearlyUtf8, (bytes) => {
        const text = readableText(bytes);
        expect(text).not.toMatch(/[^\P{Cc}\t]/u);
        expect(text.includes("\ufffd")).toBe(bytes.includes("\ufffd"));
      }),
      runs(500),
    );
  });
});
