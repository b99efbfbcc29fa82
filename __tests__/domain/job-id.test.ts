import fc from "fast-check";
import { decodeTime } from "ulid";
import { describe, expect, it } from "vitest";
import { isJobId, jobIdForKey, newJobId } from "../../domain/job-id.ts";
import { runs } from "../support/property-runs.ts";

const texts = fc.string({ unit: "binary" });

describe("a job ID", () => {
  it("is a ULID that carries its time", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 48 - 1 }), (now) => {
        const id = newJobId(now);
        expect(isJobId(id)).toBe(true);
        expect(decodeTime(id)).toBe(now);
      }),
      runs(300),
    );
  });

  it("is another one each time", () => {
    expect(new Set(Array.from({ length: 1_000 }, () => newJobId(1))).size).toBe(1_000);
  });

  it("of an idempotency key is a ULID, and the same for every try", () => {
    fc.assert(
      fc.property(texts, texts, (owner, key) => {
        const id = jobIdForKey(owner, key);
        expect(isJobId(id)).toBe(true);
        expect(jobIdForKey(owner, key)).toBe(id);
      }),
      runs(500),
    );
  });

  it("differs between callers, and between the keys of one caller", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(texts, texts), { selector: (pair) => JSON.stringify(pair), maxLength: 20 }),
        (pairs) => {
          expect(new Set(pairs.map(([owner, key]) => jobIdForKey(owner, key))).size).toBe(pairs.length);
        },
      ),
      runs(200),
    );
  });

  it("keeps caller and key apart, wherever the one ends", () => {
    expect(jobIdForKey("ab", "c")).not.toBe(jobIdForKey("a", "bc"));
    expect(jobIdForKey('a","b', "c")).not.toBe(jobIdForKey("a", 'b","c'));
  });

  it.each([
    ["nothing", ""],
    ["a lower-case ULID", "01arz3ndektsv4rrffq69g5fav"],
    ["25 characters", "01ARZ3NDEKTSV4RRFFQ69G5FA"],
    ["27 characters", "01ARZ3NDEKTSV4RRFFQ69G5FAVV"],
    ["the letters that Crockford leaves out", "01ARZ3NDEKTSV4RRFFQ69G5FAU"],
    ["more than 128 bits", "8ZZZZZZZZZZZZZZZZZZZZZZZZZ"],
    ["a line break after a ULID", "01ARZ3NDEKTSV4RRFFQ69G5FAV\n"],
    ["a path", "../01ARZ3NDEKTSV4RRFFQ69G5"],
  ])("is not %s", (_, text) => {
    expect(isJobId(text)).toBe(false);
  });

  it("is the largest ULID, too", () => {
    expect(isJobId("7ZZZZZZZZZZZZZZZZZZZZZZZZZ")).toBe(true);
  });
});
