import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memberTexts, withMember } from "../../../handlers/http/member-texts.ts";
import { runs } from "../../support/property-runs.ts";

describe("the texts of members", () => {
  it("are as they were sent, with their digits and blanks", () => {
    const text = '[{"input": {"a":1.10, "input":0}},{"tags":{"input":"x"},"input":[ 1e400 ]},{"input":"a\\"b"}]';
    expect(memberTexts(text, "input", 2)).toEqual(['{"a":1.10, "input":0}', "[ 1e400 ]", '"a\\"b"']);
  });

  it("are those of every object of a list, whatever they hold", () => {
    const items = fc.array(fc.record({ tags: fc.jsonValue(), input: fc.jsonValue() }), { maxLength: 5 });
    fc.assert(
      fc.property(items, fc.constantFrom(undefined, 1), (list, spaces) => {
        const texts = memberTexts(JSON.stringify(list, null, spaces), "input", 2);
        expect(texts.map((text) => JSON.parse(text))).toEqual(list.map(({ input }) => JSON.parse(JSON.stringify(input))));
      }),
      runs(200),
    );
  });
});

describe("an object with one member more", () => {
  it.each([
    ["{}", '{"batch":1}'],
    [" { } ", '{"batch":1}'],
    ['{"a":1.10}', '{"a":1.10,"batch":1}'],
    ['{"a":{}} \n', '{"a":{},"batch":1}'],
  ])("of %j is %j", (text, expected) => {
    expect(withMember(text, "batch", "1")).toBe(expected);
  });
});
