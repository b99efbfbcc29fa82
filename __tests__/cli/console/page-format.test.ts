import { describe, expect, it } from "vitest";
import { counted, relative, roughSpan, shortPrincipal, words } from "../../../cli/console/page/format.ts";

describe("what the page writes", () => {
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

  it("of counts, names and principals is short", () => {
    expect([counted(1, "job"), counted(1_204, "job")]).toEqual(["1 job", "1,204 jobs"]);
    expect(words("oldestSeconds")).toBe("oldest seconds");
    expect(shortPrincipal("iam:arn:aws:sts::123456789012:assumed-role/on-call")).toBe("on-call");
    expect(shortPrincipal("iam:local")).toBe("local");
  });
});
