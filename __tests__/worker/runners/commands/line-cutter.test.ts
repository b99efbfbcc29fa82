import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineCutter } from "../../../../worker/runners/commands/line-cutter.ts";
import { runs } from "../../../support/property-runs.ts";

/** The lines of these chunks; those that were cut end with `…`. */
function cut(chunks: readonly (string | Buffer)[], maxBytes = 8): string[] {
  const lines: string[] = [];
  const cutter = new LineCutter(maxBytes, (line, isCut) => void lines.push(line.toString("latin1") + (isCut ? "…" : "")));
  for (const chunk of chunks) cutter.write(Buffer.from(chunk as string, "latin1"));
  cutter.end();
  return lines;
}

describe("the lines of a stream of bytes", () => {
  it.each([
    ["line feeds", "a\nb\n", ["a", "b"]],
    ["both ends", "a\r\nb\r\n", ["a", "b"]],
    ["the states of a progress bar", "1%\r2%\r100%\n", ["1%", "2%", "100%"]],
    ["no end", "a\nb", ["a", "b"]],
    ["empty lines", "\n\na\n\r\n\n", ["a"]],
    ["NUL bytes", "a\0b\n\0", ["a\0b", "\0"]],
    ["nothing", "", []],
    ["the greatest length", "12345678\n12345678", ["12345678", "12345678"]],
    ["a byte more", "123456789\nnext", ["12345678…", "next"]],
    ["much more", `${"x".repeat(1_000)}\r${"y".repeat(1_000)}`, ["xxxxxxxx…", "yyyyyyyy…"]],
  ])("are those of %s", (_, text, lines) => {
    expect(cut([text])).toEqual(lines);
    expect(cut([...text])).toEqual(lines);
  });

  it("are the same, whatever the chunks", async () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "\n", "\r", "\0"), maxLength: 60 });
    await fc.assert(
      fc.property(text, fc.array(fc.nat(60), { maxLength: 8 }), (whole, cuts) => {
        const ends = [...cuts.map((at) => Math.min(at, whole.length)), whole.length].sort((a, b) => a - b);
        const chunks = ends.map((end, index) => whole.slice(index === 0 ? 0 : ends[index - 1], end));
        expect(cut(chunks)).toEqual(cut([whole]));
      }),
      runs(300),
    );
  });

  it("are told as soon as they are too long, and are the listener's to keep", () => {
    const kept: Buffer[] = [];
    const cutter = new LineCutter(4, (line) => void kept.push(line));
    cutter.write(Buffer.from("one\nfiv"));
    cutter.write(Buffer.from("es and more"));
    expect(kept.map(String)).toEqual(["one", "five"]);
  });
});
