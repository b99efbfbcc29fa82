import { describe, expect, it } from "vitest";
import { providerKnows } from "../../environments/provider-versions.ts";

describe("what every provider of a version range knows", () => {
  it.each([
    [">= 6.25.0, < 7.0.0", true],
    ["~> 6.25.0", true],
    ["~> 6.25", true],
    ["6.19.0", true],
    ["= 6.19", true],
    ["7", true],
    [">= 6.0.0, >= 6.20.0", true],
    ["> 6.18.0", false],
    ["~> 6.0", false],
    [">= 6.18.9, < 7.0.0", false],
    ["5.100.0", false],
    [">= 5.0, < 7.0", false],
    ["< 7.0.0", false],
    ["!= 6.25.0", false],
  ])("%s: nodejs24.x %s", (range, expected) => {
    expect(providerKnows(range, "nodejs24.x")).toBe(expected);
  });
});
