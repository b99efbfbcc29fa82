import { createRequire } from "node:module";
import { expect, it } from "vitest";
import { type ExpressionParser, parsedOnce } from "./parsed-once.ts";

const require = createRequire(import.meta.url);
const { parse: conditions } = require("dynalite/db/conditionParser") as { parse: ExpressionParser };
const { parse: updates } = require("dynalite/db/updateParser") as { parse: ExpressionParser };

type Names = Readonly<Record<string, string>>;
type Values = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What a parser makes of an expression, with the names and values that it leaves as unused. */
function parsed(parse: ExpressionParser, text: string, attrNames: Names, attrVals: Values): unknown {
  const unusedAttrNames = { ...attrNames };
  const unusedAttrVals = { ...attrVals };
  const isReserved = (name: string): boolean => name === "STATUS";
  const compare = (_: string, one: { N: string }, other: { N: string }): boolean => Number(one.N) > Number(other.N);
  const context = { attrNames, attrVals, unusedAttrNames, unusedAttrVals, isReserved, compare };
  try {
    return { meaning: parse(text, { context }), unusedAttrNames, unusedAttrVals };
  } catch (error) {
    return { thrown: (error as Error).message };
  }
}

const NAMES = { "#s": "status", "#v": "version", "#m": "meta" };

it.each<readonly [parse: ExpressionParser, text: string, values: readonly Values[]]>([
  [
    conditions,
    "#s = :a AND (#v >= :b OR attribute_not_exists(#m.#s))",
    [0, 1].map((n) => ({ ":a": { S: `${n}` }, ":b": { N: `${n}` } })),
  ],
  [
    conditions,
    "#s IN (:a, :b) AND size(#m) < :c",
    [0, 1].map((n) => ({ ":a": { S: `${n}` }, ":b": { S: "b" }, ":c": { N: `${n}` } })),
  ],
  [conditions, "begins_with(#s, :a)", [{ ":a": { S: "a" } }, { ":a": { N: "1" } }, { ":a": { S: "b" } }]],
  [
    conditions,
    "#v BETWEEN :a AND :b",
    [
      { ":a": { N: "1" }, ":b": { N: "2" } },
      { ":a": { N: "2" }, ":b": { N: "1" } },
    ],
  ],
  [conditions, "attribute_type(#s, :a)", [{ ":a": { S: "S" } }, { ":a": { S: "Text" } }]],
  [conditions, "#s = :a", [{}, { ":a": { S: "a" } }, { ":b": { S: "b" } }]],
  [conditions, "#s = = :a", [{ ":a": { S: "a" } }, { ":a": { S: "b" } }]],
  [updates, "SET #s = :a, #v = #v + :b REMOVE #m.#s", [0, 1].map((n) => ({ ":a": { S: `${n}` }, ":b": { N: `${n}` } }))],
  [updates, "SET #v = if_not_exists(#v, :a) + :b", [0, 1].map((n) => ({ ":a": { N: `${n}` }, ":b": { N: "1" } }))],
  [updates, "ADD #v :a", [{ ":a": { N: "1" } }, { ":a": { S: "1" } }, { ":a": { N: "2" } }]],
  [updates, "SET status = :a", [{ ":a": { S: "a" } }, { ":a": { S: "b" } }]],
])("an expression means what it means to the parser, time after time: %o %s", (parse, text, values) => {
  const once = parsedOnce(parse);
  for (const these of [...values, ...values]) expect(parsed(once, text, NAMES, these)).toEqual(parsed(parse, text, NAMES, these));
});

it("what is done to a meaning, as dynalite does, is not done to the next", () => {
  const once = parsedOnce(updates);
  const values = { ":a": { S: "a" } };
  const [first, second] = [0, 1].map(() => parsed(once, "SET #s = :a", NAMES, values));
  expect(first).not.toBe(second);
  (first as { meaning: { sections: { val: unknown }[] } }).meaning.sections = [];
  expect(parsed(once, "SET #s = :a", NAMES, values)).toEqual(second);
});

it("an expression is parsed once", () => {
  let times = 0;
  const once = parsedOnce((text, options) => {
    times += 1;
    return conditions(text, options);
  });
  for (const a of ["1", "2", "3"]) parsed(once, "#s = :a", NAMES, { ":a": { S: a } });
  expect(times).toBe(1);
});
