import fc from "fast-check";
import { decodeTime } from "ulid";
import { describe, expect, it } from "vitest";
import { isJobId, jobIdForKey, jobIdPrefix, LAST_JOB_ID, newJobId, typeOfJobId } from "../../domain/job-id.ts";
import { runs } from "../support/property-runs.ts";

const texts = fc.string({ unit: "binary" });

describe("a job ID", () => {
  it("is its type and a ULID that carries its time", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 48 - 1 }), (now) => {
        const id = newJobId("document", now);
        expect(isJobId(id)).toBe(true);
        expect(typeOfJobId(id)).toBe("document");
        expect(decodeTime(id.slice("document_".length))).toBe(now);
      }),
      runs(300),
    );
  });

  it("is another one each time", () => {
    expect(new Set(Array.from({ length: 1_000 }, () => newJobId("canary", 1))).size).toBe(1_000);
  });

  it("of an idempotency key is the same for every try", () => {
    fc.assert(
      fc.property(texts, texts, (owner, key) => {
        const id = jobIdForKey("canary", owner, key);
        expect(isJobId(id)).toBe(true);
        expect(jobIdForKey("canary", owner, key)).toBe(id);
      }),
      runs(500),
    );
  });

  it("differs between callers, and between the keys of one caller", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(texts, texts), { selector: (pair) => JSON.stringify(pair), maxLength: 20 }),
        (pairs) => {
          expect(new Set(pairs.map(([owner, key]) => jobIdForKey("canary", owner, key))).size).toBe(pairs.length);
        },
      ),
      runs(200),
    );
  });

  it("keeps caller and key apart, wherever the one ends", () => {
    expect(jobIdForKey("canary", "ab", "c")).not.toBe(jobIdForKey("canary", "a", "bc"));
    expect(jobIdForKey("canary", 'a","b', "c")).not.toBe(jobIdForKey("canary", "a", 'b","c'));
  });

  it("of one key of one caller is another for each type", () => {
    const [canary, document] = ["canary", "document"].map((type) => jobIdForKey(type, "ada", "key"));
    expect([canary, document].map((id) => typeOfJobId(id ?? ""))).toEqual(["canary", "document"]);
  });

  it("begins with its type's prefix, and with no other type's", () => {
    const types = ["a", "a-b", "a-b-c", "ab", "z".repeat(32)];
    for (const type of types) {
      const id = newJobId(type, 1);
      expect(types.filter((other) => id.startsWith(jobIdPrefix(other)))).toEqual([type]);
      expect(id < LAST_JOB_ID).toBe(true);
    }
  });

  it.each([
    ["nothing", ""],
    ["a ULID without a type", "01ARZ3NDEKTSV4RRFFQ69G5FAV"],
    ["a ULID after nothing", "_01ARZ3NDEKTSV4RRFFQ69G5FAV"],
    ["a type alone", "canary_"],
    ["a lower-case ULID", "canary_01arz3ndektsv4rrffq69g5fav"],
    ["an upper-case type", "Canary_01ARZ3NDEKTSV4RRFFQ69G5FAV"],
    ["two separators", "canary__01ARZ3NDEKTSV4RRFFQ69G5FAV"],
    ["two types", "canary_document_01ARZ3NDEKTSV4RRFFQ69G5FAV"],
    ["a type that ends with a hyphen", "canary-_01ARZ3NDEKTSV4RRFFQ69G5FAV"],
    ["a type of 33 characters", `${"a".repeat(33)}_01ARZ3NDEKTSV4RRFFQ69G5FAV`],
    ["25 characters", "canary_01ARZ3NDEKTSV4RRFFQ69G5FA"],
    ["27 characters", "canary_01ARZ3NDEKTSV4RRFFQ69G5FAVV"],
    ["the letters that Crockford leaves out", "canary_01ARZ3NDEKTSV4RRFFQ69G5FAU"],
    ["more than 128 bits", "canary_8ZZZZZZZZZZZZZZZZZZZZZZZZZ"],
    ["a line break after a ULID", "canary_01ARZ3NDEKTSV4RRFFQ69G5FAV\n"],
    ["a line break before it", "\ncanary_01ARZ3NDEKTSV4RRFFQ69G5FAV"],
    ["a path", "../canary_01ARZ3NDEKTSV4RRFFQ69G5FAV"],
  ])("is not %s", (_, text) => {
    expect(isJobId(text)).toBe(false);
  });

  it("has the largest ULID, too", () => {
    expect(isJobId("a_7ZZZZZZZZZZZZZZZZZZZZZZZZZ")).toBe(true);
    expect(isJobId(LAST_JOB_ID)).toBe(true);
  });
});
