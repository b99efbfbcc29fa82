import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CursorScope, decodeCursor, decodeNumber, encodeCursor, encodeNumber } from "../../../handlers/jobs/cursor.ts";
import { runs } from "../../support/property-runs.ts";

const POSITION = "2026-11-02T09:00:00.000Z#canary_01K91ABCDEFGHJKMNPQRSTVWXY";
const SCOPE: CursorScope = { types: ["canary"], statuses: ["QUEUED", "FAILED"], owner: "ada", tags: ["a:1", "b:2"] };
const CURSOR = encodeCursor(POSITION, SCOPE);

describe("a cursor", () => {
  it("leads back to its position", () => {
    expect(decodeCursor(CURSOR, SCOPE)).toBe(POSITION);
    expect(decodeCursor(encodeCursor(POSITION, {}), {})).toBe(POSITION);
  });

  it.each([
    { ...SCOPE, types: ["other"] },
    { ...SCOPE, statuses: ["FAILED"] },
    { ...SCOPE, owner: "bob" },
    { ...SCOPE, tags: ["a:1"] },
    { ...SCOPE, tags: ["a:1", "b:2", "c:3"] },
    { ...SCOPE, createdAfter: "2026-11-01T00:00:00.000Z" },
    { ...SCOPE, createdBefore: "2026-11-01T00:00:00.000Z" },
    { types: ["canary"], statuses: ["QUEUED", "FAILED"] },
    {},
  ] satisfies CursorScope[])("is refused for another query, %j", (scope) => {
    expect(() => decodeCursor(CURSOR, scope)).toThrow(expect.objectContaining({ code: "InvalidCursor" }));
  });

  it("does not ask in which order statuses and tags are given", () => {
    expect(decodeCursor(CURSOR, { ...SCOPE, statuses: ["FAILED", "QUEUED"], tags: ["b:2", "a:1"] })).toBe(POSITION);
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

describe("a cursor through a batch", () => {
  const BATCH = { id: "canary_batch_01K91ABCDEFGHJKMNPQRSTVWXY", statuses: ["QUEUED", "FAILED"] } as const;

  it("leads back to its number, for the same batch and statuses alone", () => {
    const cursor = encodeNumber(250, BATCH);
    expect(decodeNumber(cursor, { ...BATCH, statuses: ["FAILED", "QUEUED"] })).toBe(250);
    for (const scope of [
      { ...BATCH, statuses: [] },
      { ...BATCH, id: "canary_batch_01K91ABCDEFGHJKMNPQRSTVWXZ" },
    ]) {
      expect(() => decodeNumber(cursor, scope)).toThrow("does not belong");
    }
  });

  it.each([Number.NaN, Number.NEGATIVE_INFINITY, -1_000_000_000, -1, 2.5, 1_000])(
    "is refused when it leads to %d, even with a right checksum",
    (number) => {
      expect(() => decodeNumber(encodeNumber(number, BATCH), BATCH)).toThrow("does not belong");
    },
  );
});
