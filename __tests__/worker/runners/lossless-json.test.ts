import { createContext, runInContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { losslessJson } from "../../../worker/runners/lossless-json.ts";
import { runs } from "../../support/property-runs.ts";

const write = (value: unknown) => losslessJson(value, "result");

class Money {
  readonly cents = 1;
}
class Named {
  toJSON(key: string) {
    return `named ${key}`;
  }
}

describe("lossless JSON", () => {
  it("is what JSON.stringify writes, for all that is JSON", () => {
    const values = fc.jsonValue({ stringUnit: "binary", depthSize: "large" });
    fc.assert(
      fc.property(values, (value) => {
        // `JSON.stringify` writes -0 as 0.
        expect(write(value)?.replace(/-0(?![.\d])/g, "0")).toBe(JSON.stringify(value)?.replace(/-0(?![.\d])/g, "0"));
      }),
      runs(500),
    );
  });

  it.each<[string, unknown, string]>([
    ["dates and URLs, by their toJSON", [new Date(0), new URL("http://a/")], '["1970-01-01T00:00:00.000Z","http://a/"]'],
    ["what toJSON is told: the name", { a: new Named(), b: [new Named()] }, '{"a":"named a","b":["named 0"]}'],
    ["-0, which JSON.stringify loses", [-0, 0, { z: -0 }], '[-0,0,{"z":-0}]'],
    ["numbers as they were sent", [JSON.rawJSON("9007199254740993")], "[9007199254740993]"],
    ["half a surrogate pair", "\ud800", '"\\ud800"'],
    [
      "objects without a prototype, and of another realm",
      [Object.create(null), runInContext("({a:[1]})", createContext())],
      '[{},{"a":[1]}]',
    ],
    ["a member called __proto__", JSON.parse('{"__proto__":{"a":1}}'), '{"__proto__":{"a":1}}'],
    ["the same object in two places", (({ o }) => [o, o])({ o: { a: 1 } }), '[{"a":1},{"a":1}]'],
    ["members that are undefined, left out", { a: undefined, b: 1, c: undefined }, '{"b":1}'],
    ["members that symbols name, left out", { [Symbol("s")]: 1, b: 1 }, '{"b":1}'],
    ["what arrays have beside their items, left out", Object.assign([1], { columns: ["a"] }), "[1]"],
    ["members that cannot be listed, left out", Object.defineProperty({ b: 1 }, "a", { value: 1 }), '{"b":1}'],
    ["a class that makes an object of itself", { toJSON: () => ({ a: [new Date(0)] }) }, '{"a":["1970-01-01T00:00:00.000Z"]}'],
  ])("has %s", (_, value, json) => {
    expect(write(value)).toBe(json);
  });

  it("is none for undefined", () => {
    expect(write(undefined)).toBeUndefined();
    expect(write({ toJSON: () => undefined })).toBeUndefined();
  });

  it.each<[string, unknown, string]>([
    ["NaN", { a: [0 / 0] }, "NaN at /result/a/0"],
    ["Infinity", -1 / 0, "-Infinity at /result"],
    ["a BigInt", { a: 1n }, "a BigInt at /result/a"],
    ["a function", { "a/b": () => 1 }, "a function at /result/a~1b"],
    ["a function alone", () => 1, "a function at /result"],
    ["a symbol", [Symbol("a")], "a symbol at /result/0"],
    ["undefined in an array", [1, undefined], "undefined at /result/1"],
    ["a hole in an array", new Array(3), "undefined at /result/0"],
    ["a Map", { tags: new Map([["a", 1]]) }, "an instance of Map at /result/tags"],
    ["a Set", [new Set([1])], "an instance of Set at /result/0"],
    ["a WeakMap", { a: new WeakMap() }, "an instance of WeakMap at /result/a"],
    ["an Error", { error: new TypeError("no") }, "an instance of TypeError at /result/error"],
    ["a Promise", { a: Promise.resolve(1) }, "an instance of Promise at /result/a"],
    ["a RegExp", { a: /a/ }, "an instance of RegExp at /result/a"],
    ["a Buffer, though it has a toJSON", { a: Buffer.from("a") }, "an instance of Buffer at /result/a"],
    ["a typed array", { a: Float64Array.of(1) }, "an instance of Float64Array at /result/a"],
    ["an ArrayBuffer", { a: new ArrayBuffer(1) }, "an instance of ArrayBuffer at /result/a"],
    ["an instance of a class", { price: new Money() }, "an instance of Money at /result/price"],
    ["an object in a Number", { a: Object(1) }, "an instance of Number at /result/a"],
    ["a Map of another realm", { a: runInContext("new Map()", createContext()) }, "an instance of Map at /result/a"],
    ["an object that inherits members", { a: Object.create({ b: 1 }) }, "an instance of Object at /result/a"],
    ["a generator, whose constructor has no name", (function* () {})(), "an object of a class at /result"],
    ["an invalid date", { at: new Date(Number.NaN) }, "an invalid Date at /result/at"],
    ["a toJSON that returns such a value", { a: { toJSON: () => ({ b: new Map() }) } }, "an instance of Map at /result/a/b"],
    ["a toJSON that throws", { a: { toJSON: () => fail("no luck") } }, "a value that cannot be read (no luck) at /result/a"],
    [
      "a getter that throws",
      {
        get a() {
          return fail("no luck");
        },
      },
      "a value that cannot be read (no luck) at /result/a",
    ],
    [
      "a proxy that throws",
      { a: new Proxy({}, { ownKeys: () => fail("no luck") }) },
      "a value that cannot be read (no luck) at /result/a",
    ],
  ])("refuses %s, with its place", (_, value, message) => {
    expect(() => write(value)).toThrow(message);
  });

  it("refuses a value that holds itself, also through toJSON", () => {
    const cycle: Record<string, unknown> = {};
    cycle.a = [cycle];
    expect(() => write(cycle)).toThrow("a value that holds itself at /result/a/0");
    const endless: Record<string, unknown> = { toJSON: () => ({ a: { b: shared } }) };
    const shared = { endless };
    expect(() => write({ toJSON: () => ({ shared }) })).toThrow("holds itself");
  });

  it.each<[string, () => unknown]>([
    [
      "wraps itself",
      () => ({
        toJSON() {
          return { a: this };
        },
      }),
    ],
    [
      "wraps another one",
      () => {
        const wrap = (): object => ({ toJSON: () => ({ a: wrap() }) });
        return wrap();
      },
    ],
    [
      "is a list in a list",
      () => {
        const wrap = (): object => ({ toJSON: () => [wrap()] });
        return wrap();
      },
    ],
    [
      "has a getter that makes another one",
      () => {
        const wrap = (): object => ({
          get a() {
            return wrap();
          },
        });
        return wrap();
      },
    ],
  ])("refuses a value that goes on without end: it %s", (_, value) => {
    expect(() => write(value())).toThrow("more than 250000 levels at /result/");
  });

  it("reads each member once", () => {
    const read = vi.fn(() => 1);
    const toJSON = vi.fn(() => 2);
    expect(
      write({
        get a() {
          return read();
        },
        b: { toJSON },
      }),
    ).toBe('{"a":1,"b":2}');
    expect([read, toJSON].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
  });

  it.each([3_000, 200_000])("is written for values that are nested %i deep", (depth) => {
    let value: unknown = 1;
    for (let level = 0; level < depth; level += 1) value = [value];
    expect(write(value)).toBe(`${"[".repeat(depth)}1${"]".repeat(depth)}`);
  });

  it("ends where the text would be larger than any result", () => {
    const text = "x".repeat(1_048_576);
    expect(() => write(Array.from({ length: 10_000 }, () => [text, 1, 2, 3]))).toThrow("67108864 bytes");
  });
});

function fail(message: string): never {
  throw new Error(message);
}
