import { describe, expect, it } from "vitest";
import { byteSize, counted, relative, roughSpan, shortPrincipal, span, words } from "../../../cli/console/page/format.ts";

describe("what the page writes", () => {
  it.each([
    [0, "0 ms"],
    [0.0421, "42 ms"],
    [0.9996, "1 s"],
    [4.25, "4.3 s"],
    [9.96, "10 s"],
    [59.4, "59 s"],
    [59.6, "1 min"],
    [185, "3 min 5 s"],
    [3_599.7, "1 h"],
    [7_260, "2 h 1 min"],
    [187_200, "2 d 4 h"],
    [-5, "0 ms"],
  ])("of %d s is %s", (seconds, text) => {
    expect(span(seconds)).toBe(text);
  });

  it.each([
    [4.4, "4 s"],
    [59.7, "1 min"],
    [3_580, "1 h"],
    [86_400, "24 h"],
    [200_000, "2 d"],
  ])("of about %d s is %s", (seconds, text) => {
    expect(roughSpan(seconds)).toBe(text);
  });

  it("of a time is how long ago it was, or how soon it comes", () => {
    const now = Date.parse("2026-11-30T12:00:00Z");
    expect(relative("2026-11-30T11:57:00Z", now)).toBe("3 min ago");
    expect(relative("2026-11-30T12:00:30Z", now)).toBe("in 30 s");
    expect(relative("2026-11-30T12:00:00.500Z", now)).toBe("now");
  });

  it("of sizes, counts, names and principals is short", () => {
    expect([0, 999, 1_000, 1_234_567, 5e9].map(byteSize)).toEqual(["0 bytes", "999 bytes", "1 KB", "1.2 MB", "5 GB"]);
    expect([counted(1, "job"), counted(1_204, "job")]).toEqual(["1 job", "1,204 jobs"]);
    expect(words("oldestSeconds")).toBe("oldest seconds");
    expect(shortPrincipal("iam:arn:aws:sts::123456789012:assumed-role/on-call")).toBe("on-call");
    expect(shortPrincipal("iam:local")).toBe("local");
  });
});
