import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeCursor, encodeCursor } from "../../../handlers/jobs/cursor.ts";
import { runs } from "../../support/property-runs.ts";

const POSITION = "2026-11-02T09:00:00.000Z#canary_01K91ABCDEFGHJKMNPQRSTVWXY";
const SCOPE = { type: "canary", status: "QUEUED", owner: "ada" } as const;
const CURSOR = encodeCursor(POSITION, SCOPE);

describe("a cursor", () => {
  it("leads back to its position", () => {
    expect(decodeCursor(CURSOR, SCOPE)).toBe(POSITION);
    expect(decodeCursor(encodeCursor(POSITION, {}), {})).toBe(POSITION);
  });

  it.each([
    { ...SCOPE, type: "other" },
    { ...SCOPE, status: "FAILED" as const },
    { ...SCOPE, owner: "bob" },
    { type: "canary", status: "QUEUED" as const },
    {},
  ])("is refused for another query, %j", (scope) => {
    expect(() => decodeCursor(CURSOR, scope)).toThrow(expect.objectContaining({ code: "InvalidCursor" }));
  });

  const isRefused = (cursor: string): void => {
    expect(() => decodeCursor(cursor, SCOPE)).toThrow("does not belong");
  };

  it("is refused when a character of it was changed", () => {
    const changed = fc
      .tuple(fc.nat(CURSOR.length - 1), fc.constantFrom(..."abcXYZ019-_= é"))
      .map(([index, character]) => CURSOR.slice(0, index) + character + CURSOR.slice(index + 1))
      .filter((cursor) => cursor !== CURSOR);
    fc.assert(fc.property(changed, isRefused), runs(500));
  });

  it("is refused when it is any other text", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.base64String()), isRefused), runs(500));
  });

  it("is refused when it leads to no position, even with a right checksum", () => {
    expect(() => decodeCursor(encodeCursor("zzz", SCOPE), SCOPE)).toThrow("does not belong");
  });
});
