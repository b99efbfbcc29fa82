import { describe, expect, it } from "vitest";
import { allSchemas, patternRegExp, subschemas } from "../../domain/json-schema.ts";

describe("the schemas within a schema", () => {
  it("are those under its keywords, with the way to each", () => {
    const schema = {
      properties: { pattern: { type: "string", pattern: "a" }, "a/b": true },
      items: { anyOf: [{ pattern: "b" }, false] },
      $defs: { c: { propertyNames: { pattern: "c" } } },
      dependencies: { d: { pattern: "d" }, e: ["d"] },
    };
    expect(allSchemas(schema).map(({ path }) => path.join("/"))).toEqual([
      "",
      "properties/pattern",
      "items",
      "items/anyOf/0",
      "$defs/c",
      "$defs/c/propertyNames",
      "dependencies/d",
    ]);
  });

  it("are none that stand in data", () => {
    const data = { pattern: "a", properties: { x: { pattern: "b" } } };
    expect(
      subschemas({ const: data, default: data, enum: [data], examples: [data], "x-own": data, required: ["pattern"] }),
    ).toEqual([]);
  });

  it("judge the same value, or a part of it", () => {
    const schema = { allOf: [{}], not: {}, properties: { a: {} }, prefixItems: [{}], toString: {} };
    expect(subschemas(schema).map(({ path, inPlace }) => [path.join("/"), inPlace])).toEqual([
      ["allOf/0", true],
      ["not", true],
      ["properties/a", false],
      ["prefixItems/0", false],
    ]);
  });
});

describe("a pattern", () => {
  it("is run with the flag u where it can be", () => {
    expect(patternRegExp("^.$").test("🦜")).toBe(true);
    expect(patternRegExp("^\\p{L}$").test("é")).toBe(true);
    expect(patternRegExp("^a\\_b$").test("a_b")).toBe(true);
    expect(() => patternRegExp("(")).toThrow(SyntaxError);
  });
});
