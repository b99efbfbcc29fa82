import { describe, expect, it } from "vitest";
import { MAX_ITEM_PAYLOAD_BYTES } from "../../domain/limits.ts";
import { fitsItem, payloadKeys } from "../../domain/payload.ts";

describe("a payload", () => {
  it.each([
    ["as many bytes as may be", `"${"a".repeat(MAX_ITEM_PAYLOAD_BYTES - 2)}"`, true],
    ["a byte too many", `"${"a".repeat(MAX_ITEM_PAYLOAD_BYTES - 1)}"`, false],
    ["few characters of too many bytes", `"${"ä".repeat(MAX_ITEM_PAYLOAD_BYTES / 2)}"`, false],
    ["a depth, names and numbers that no map of DynamoDB holds", `${'{"":'.repeat(100)}1e400${"}".repeat(100)}`, true],
  ])("fits its item by its bytes alone: %s", (_, text, fits) => {
    expect(fitsItem(text)).toBe(fits);
  });
});

describe("the keys of payloads", () => {
  it("keep types, jobs and attempts apart", () => {
    expect(payloadKeys.input("etl", "ID", "write")).toBe("inputs/etl/ID/write.json");
    expect(payloadKeys.result("etl", "ID", 2)).toBe("results/etl/ID/2/result.json");
    expect(payloadKeys.file("etl", "ID", 2, "out.csv")).toBe("results/etl/ID/2/files/out.csv");
  });
});
