import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { JobStore } from "../../domain/job-store.ts";
import { MAX_ITEM_PAYLOAD_BYTES } from "../../domain/limits.ts";
import { fitsItem, payloadKeys } from "../../domain/payload.ts";
import { ADDED_AT, buildJob } from "../support/build-job.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";
import { runs } from "../support/property-runs.ts";

let emulators: Emulators;
let store: JobStore;

beforeAll(async () => {
  emulators = await startEmulators();
  store = new JobStore(emulators.dynamoDb, emulators.jobsTableName);
});
afterAll(async () => emulators.stop());

function fits(json: string): boolean {
  return fitsItem(JSON.parse(json), json);
}

/** What becomes of a payload in an item, as JSON. */
async function throughItem(input: unknown): Promise<string> {
  const job = buildJob({ input });
  await store.create(job, ADDED_AT);
  return JSON.stringify((await store.get(job.id))?.input);
}

const nested = (depth: number, open = "[", close = "]") => open.repeat(depth) + close.repeat(depth);
const nestedObjects = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

describe("a payload that fits an item", () => {
  it("comes back from DynamoDB as it was, whatever JSON it is", async () => {
    const some = <T>(usual: fc.Arbitrary<T>, ...unusual: fc.Arbitrary<T>[]) =>
      fc.oneof({ arbitrary: usual, weight: 8 }, ...unusual);
    const keys = some(fc.string({ unit: "binary" }), fc.constantFrom("", "__proto__", "constructor", "toString", "length"));
    const numbers = some(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.double({ noNaN: true, noDefaultInfinity: true }));
    const texts = some(fc.string({ unit: "binary" }), fc.constantFrom("", "\uFFFF", "\uD800"));
    const { json: values } = fc.letrec((tie) => ({
      json: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        fc.oneof(fc.constantFrom(null, true, false), numbers, texts),
        fc.array(tie("json"), { maxLength: 5 }),
        fc.dictionary(keys, tie("json"), { maxKeys: 5 }),
      ),
    }));
    let fitting = 0;
    await fc.assert(
      fc.asyncProperty(values, async (value) => {
        const json = JSON.stringify(value);
        if (!fits(json)) return;
        fitting += 1;
        expect(await throughItem(JSON.parse(json))).toBe(json);
      }),
      runs(300),
    );
    expect(fitting).toBeGreaterThan(100);
  });

  it.each([
    ["null", "null"],
    ["an empty text", '""'],
    ["an empty list", "[]"],
    ["an empty object", "{}"],
    ["the largest whole number that JavaScript tells from the next", "9007199254740991"],
    ["the smallest number that DynamoDB holds", "1e-130"],
    ["a number of seventeen digits", "0.30000000000000004"],
    ["lists nested as deep as they may", nested(29)],
    ["objects nested as deep as they may", nestedObjects(29)],
    ["names that JavaScript gives a meaning", '{"toString":1,"valueOf":{"length":2},"hasOwnProperty":3,"size":4}'],
    ["as many bytes as may be", JSON.stringify("a".repeat(MAX_ITEM_PAYLOAD_BYTES - 2))],
  ])("may be %s", async (_, json) => {
    expect(fits(json)).toBe(true);
    expect(await throughItem(JSON.parse(json))).toBe(JSON.stringify(JSON.parse(json)));
  });
});

describe("a payload goes to S3", () => {
  it.each([
    ["a number too small for DynamoDB", "5e-324"],
    ["a number too large", "1e20"],
    ["a whole number that the SDK reads as a BigInt", "9007199254740992"],
    ["an empty name", '{"a":[{"":1}]}'],
    ["the name __proto__", '{"__proto__":{"a":1}}'],
    ["the name constructor, which the SDK asks for an object's class", '{"constructor":{"name":"Set"}}'],
    ["lists nested deeper than DynamoDB's items", nested(31)],
    ["objects nested deeper than DynamoDB's items", nestedObjects(31)],
    ["half a surrogate pair, which UTF-8 cannot hold", '{"a":"\\ud800"}'],
    ["half a surrogate pair in a name", '{"\\udc00":1}'],
    ["a byte too many", JSON.stringify("a".repeat(MAX_ITEM_PAYLOAD_BYTES - 1))],
    ["few characters of too many bytes", JSON.stringify("ä".repeat(MAX_ITEM_PAYLOAD_BYTES / 2))],
  ])("for %s", (_, json) => {
    expect(fits(json)).toBe(false);
  });
});

describe("the keys of payloads", () => {
  it("keep types, jobs and attempts apart", () => {
    expect(payloadKeys.input("etl", "ID", "write")).toBe("inputs/etl/ID/write.json");
    expect(payloadKeys.result("etl", "ID", 2)).toBe("results/etl/ID/2/result.json");
    expect(payloadKeys.file("etl", "ID", 2, "out.csv")).toBe("results/etl/ID/2/files/out.csv");
  });
});
