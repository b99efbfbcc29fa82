import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JsonWalk } from "../../domain/json-walk.ts";
import { runs } from "../support/property-runs.ts";

/** Every scalar and name that a walk meets, with the place of each scalar. */
function walked(text: string) {
  const walk = new JsonWalk(text);
  const scalars: [string, string][] = [];
  const names: string[] = [];
  walk.run({
    scalar: (start, end) => scalars.push([walk.pointer, text.slice(start, end)]),
    name: (name) => names.push(name),
  });
  return { scalars, names };
}

/** What `JSON.parse` says of the same text: the same, by recursion. */
function parsed(value: unknown, path = ""): [string, unknown][] {
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, content]) =>
    parsed(content, `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`),
  );
}

const spaced = fc.tuple(fc.jsonValue({ stringUnit: "binary" }), fc.constantFrom("", " ", "\t", "\n"));

describe("a walk through JSON", () => {
  it("meets every value, in its place", () => {
    fc.assert(
      fc.property(spaced, ([value, space]) => {
        const text = JSON.stringify(value, undefined, space);
        const met = walked(text).scalars.map(([pointer, source]) => [pointer, JSON.parse(source)]);
        expect(met.sort()).toEqual(parsed(JSON.parse(text)).sort());
      }),
      runs(500),
    );
  });

  it("meets members in the order of the text, also twice, and names as they read", () => {
    expect(walked('{"b":1,"10":2,"a":{"2":3,"\\u0061\\"":4},"b":5}')).toEqual({
      scalars: [
        ["/b", "1"],
        ["/10", "2"],
        ["/a/2", "3"],
        ['/a/a"', "4"],
        ["/b", "5"],
      ],
      names: ["b", "10", "a", "2", 'a"', "b"],
    });
  });

  it("tells where objects and arrays begin and end", () => {
    const text = ' { "a" : [ {} , [] ] } ';
    const walk = new JsonWalk(text);
    const begun: number[] = [];
    const spans: [string, number, string][] = [];
    walk.run({
      open: (start) => begun.push(start),
      close: (end) => spans.push([walk.pointer, walk.depth, text.slice(begun.pop(), end)]),
    });
    expect(spans).toEqual([
      ["/a/0", 2, "{}"],
      ["/a/1", 2, "[]"],
      ["/a", 1, "[ {} , [] ]"],
      ["", 0, '{ "a" : [ {} , [] ] }'],
    ]);
  });

  it.each([
    ["deep", "[".repeat(1_000_000) + "]".repeat(1_000_000), 0],
    ["of many escapes", `["${'\\"'.repeat(10_000_000)}"]`, 1],
    ["of many backslashes", `["${"\\\\".repeat(10_000_000)}"]`, 1],
    ["of many values", `[${"1,".repeat(1_000_000)}1]`, 1_000_001],
    ["of blanks", `${" ".repeat(1_000_000)}1${" ".repeat(1_000_000)}`, 1],
  ])("goes through a text that is %s", (_, text, scalars) => {
    let met = 0;
    new JsonWalk(text).run({ scalar: () => (met += 1) });
    expect(met).toBe(scalars);
  });

  it("ends where the text is no JSON", () => {
    expect(() => walked('{"a')).toThrow(SyntaxError);
  });
});
