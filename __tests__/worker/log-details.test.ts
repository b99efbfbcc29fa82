import { describe, expect, it } from "vitest";
import { logDetails, logMessage } from "../../worker/log-details.ts";

/** What a reader of the log sees. */
const shown = (details: object) => JSON.parse(JSON.stringify(logDetails(details)));

class Money {
  readonly #cents = 1;
  cents() {
    return this.#cents;
  }
}

describe("the details of a log line", () => {
  it("show an error's name, message, stack, cause and code, however deep it stands", () => {
    const cause = Object.assign(new RangeError("too far"), { code: "E_FAR" });
    const error = new TypeError("no", { cause });
    const stack = expect.stringContaining("log-details.test.ts");
    const expected = {
      name: "TypeError",
      message: "no",
      stack,
      cause: { name: "RangeError", message: "too far", stack, code: "E_FAR" },
    };
    expect(shown({ error })).toEqual({ error: expected });
    expect(shown({ a: [{ b: error }] })).toEqual({ a: [{ b: expected }] });
    expect(shown(error)).toEqual(expected);
  });

  it("show every error of an AggregateError", () => {
    const error = new AggregateError([new Error("one"), new TypeError("two")], "both");
    expect(shown({ error })).toMatchObject({
      error: { name: "AggregateError", errors: [{ message: "one" }, { name: "TypeError", message: "two" }] },
    });
  });

  it.each<[string, unknown, unknown]>([
    [
      "a Map",
      new Map<unknown, unknown>([
        ["a", 1],
        [{ b: 2 }, new Set([3])],
      ]),
      {
        Map: [
          ["a", 1],
          [{ b: 2 }, { Set: [3] }],
        ],
      },
    ],
    ["a BigInt", 9007199254740993n, "9007199254740993n"],
    ["NaN", Number.NaN, "NaN"],
    ["a function", function work() {}, "[Function: work]"],
    ["a class", Money, "[class Money]"],
    ["a symbol", Symbol("s"), "Symbol(s)"],
    ["a date and a URL", [new Date(0), new URL("http://a/")], ["1970-01-01T00:00:00.000Z", "http://a/"]],
    ["an object with nothing to list", new Money(), "Money {}"],
    ["a promise", Promise.resolve(1), "Promise { 1 }"],
    ["a RegExp", /a/g, "/a/g"],
    ["a buffer", Buffer.from("abc"), expect.stringContaining("Buffer")],
    ["an instance of a class", Object.assign(new Money(), { currency: "EUR" }), { currency: "EUR" }],
    ["an empty object", {}, {}],
    ["a member called __proto__", JSON.parse('{"__proto__":{"a":1}}'), JSON.parse('{"__proto__":{"a":1}}')],
    ["a proxy, unasked", new Proxy({ a: 1 }, { get: () => fail(), ownKeys: () => fail() }), "{ a: 1 }"],
    [
      "a getter that throws",
      {
        get a() {
          return fail();
        },
        b: 1,
      },
      { a: expect.stringContaining("[threw Error: no"), b: 1 },
    ],
    ["a toJSON that throws", { toJSON: fail }, expect.stringContaining("[threw Error: no")],
    ["an inspection of its own, unasked", { [Symbol.for("nodejs.util.inspect.custom")]: fail, a: 1 }, { a: 1 }],
  ])("show %s", (_, value, expected) => {
    expect(shown({ value }).value).toEqual(expected);
  });

  it("show what holds itself", () => {
    const cycle: Record<string, unknown> = { name: "a" };
    cycle.self = cycle;
    const error = new Error("no") as Error & { owner?: unknown };
    error.cause = error;
    error.owner = cycle;
    const shared = { a: 1 };
    expect(shown({ cycle, again: [shared, shared] })).toEqual({
      cycle: { name: "a", self: "[circular]" },
      again: [shared, shared],
    });
    expect(shown({ error })).toMatchObject({ error: { cause: "[circular]", owner: { self: "[circular]" } } });
  });

  it.each<[string, () => unknown]>([
    ["a long text", () => "x".repeat(10_000_000)],
    ["a long array", () => new Array(5_000_000).fill(1)],
    ["many members", () => Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`member ${index}`, index]))],
    ["a large Map", () => new Map(Array.from({ length: 200_000 }, (_, index) => [index, "text"]))],
    ["depth", () => Array.from({ length: 100_000 }).reduce<unknown>((inner) => ({ inner }), 1)],
    ["breadth at every depth", () => Array.from({ length: 8 }).reduce<unknown>((inner) => new Array(100).fill(inner), "text")],
    [
      "causes without an end",
      () => Array.from({ length: 10_000 }).reduce<Error>((cause) => new Error("no", { cause }), new Error()),
    ],
    [
      "an endless toJSON",
      () => ({
        toJSON: function endless() {
          return { again: { toJSON: endless } };
        },
      }),
    ],
    ["a long name", () => ({ ["n".repeat(1_000_000)]: 1 })],
  ])("are bounded: %s", (_, make) => {
    const json = JSON.stringify(logDetails({ value: make() }));
    expect(json.length).toBeLessThan(100_000);
    expect(json).toContain("…");
  });
});

describe("the message of a log line", () => {
  it("is text of a bounded length, whatever was given", () => {
    expect(logMessage("plain")).toBe("plain");
    expect(logMessage({ a: 1 })).toBe("{ a: 1 }");
    expect(logMessage(Symbol("s"))).toBe("Symbol(s)");
    expect(logMessage(undefined)).toBe("undefined");
    expect(logMessage("x".repeat(10_000_000)).length).toBeLessThan(10_000);
  });
});

function fail(): never {
  throw new Error("no");
}
