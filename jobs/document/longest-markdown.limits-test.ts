import { describe, expect, it } from "vitest";
import { testDocument } from "./__tests__/test-document.ts";
import { markdownContent } from "./markdown.ts";

describe("hostile Markdown", () => {
  /** Times as short as this are noise. */
  const NOISE_MS = 15;

  /** CPU time, since others use the machine too: the best of three, or the first that is short enough. */
  function cpuMs(markdown: string, enough = 0): number {
    let least = Number.POSITIVE_INFINITY;
    for (let time = 0; time < 3 && least >= enough; time++) {
      const before = process.cpuUsage();
      markdownContent(markdown);
      least = Math.min(least, process.cpuUsage(before).user / 1_000);
    }
    return least;
  }

  it.each([
    ["brackets", "["],
    ["stars that open", "*a "],
    ["stars that open and close", "*a a* "],
    ["images", "!["],
    ["links", "[a]("],
    ["references", "[a]"],
    ["strong, twice as often opened", "**a **b c** "],
    ["mixed stars and underscores", "*_"],
    ["code spans", "a `b` "],
    ["comments", "<!--"],
    ["comments that begin a line", "<!--\n"],
    ["comments in a text", "a <!-- b -"],
    ["tags that begin a line", "<div>\n\n"],
    ["tildes", "~~a "],
    ["entities", "&#"],
    ["list items", "- a\n"],
    ["table rows", "|a|b"],
    ["definitions", "[a]: b\n"],
    ["backslashes", "\\"],
  ])("takes time that grows with its length alone: %s", (_, part) => {
    const ofLength = (length: number): string => part.repeat(Math.floor(length / part.length));
    markdownContent(ofLength(10_000));
    // Four times the length takes four times as long; the square would take sixteen.
    const most = 10 * Math.max(cpuMs(ofLength(48_000), NOISE_MS), NOISE_MS);
    expect(cpuMs(ofLength(192_000), most)).toBeLessThan(most);
  });

  it.each([
    ["199,000 brackets", "[".repeat(199_000), "["],
    ["48 kB of stars", "*a ".repeat(16_000), "a"],
  ])("prints %s", async (_, markdown, character) => {
    const { text } = await testDocument({ markdown });
    expect(text.split(character).length - 1).toBe(markdown.split(character).length - 1);
  });
});
