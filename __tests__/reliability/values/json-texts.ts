import fc from "fast-check";
import { HOSTILE_NAMES } from "../api/hostile-values.ts";

/** As far as an input may nest, less what it stands in. */
const MAX_DEPTH = 190;

const blanks = fc.constantFrom("", "", "", " ", "\n\t", " \r\n ");

/** Numbers as callers and commands write them, of which many are no doubles. */
const numbers = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map(String),
  fc.tuple(fc.nat(), fc.stringMatching(/^\d{1,25}$/)).map(([whole, fraction]) => `${whole}.${fraction}`),
  fc.constantFrom("1970670598291982290", "9007199254740993", "1.10", "1E2", "-0", "-0.0", "0e0", "1e400", "-1e-400", "0.1e-0001"),
);

const strings = fc.oneof(
  fc.string({ unit: "binary" }).map((text) => JSON.stringify(text)),
  fc.constantFrom('""', '"\\u00e9\\/\\ud800"', '"{\\"a\\": 1}"', '"1e400"', '"\ufffe\uffff\u2028"', '"\\\\"'),
);

/** Names that JavaScript sorts, that mean something to it, or that are escaped. */
const names = fc.oneof(
  fc.constantFrom(...HOSTILE_NAMES, "10", "2", "-1", "b", "a", "files", "value"),
  fc.string({ unit: "binary", maxLength: 8 }),
);

const spaced = (text: fc.Arbitrary<string>) =>
  fc.tuple(blanks, text, blanks).map(([before, inner, after]) => before + inner + after);

/** A JSON text as somebody might write it: any order, spelling and blanks, no two members of one name. */
export const jsonTexts: fc.Arbitrary<string> = fc
  .tuple(
    fc.letrec<{ json: string }>((tie) => ({
      json: fc.oneof(
        { depthSize: "small" },
        fc.oneof(numbers, strings, fc.constantFrom("null", "true", "false")),
        fc.array(spaced(tie("json")), { maxLength: 4 }).map((items) => `[${items.join(",")}]`),
        fc
          .uniqueArray(fc.tuple(spaced(names.map((name) => JSON.stringify(name))), spaced(tie("json"))), {
            maxLength: 5,
            selector: ([name]) => JSON.parse(name),
          })
          .map((members) => `{${members.map(([name, content]) => `${name}:${content}`).join(",")}}`),
      ),
    })).json,
    fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: MAX_DEPTH - 20 })),
  )
  .map(([text, levels]) => "[".repeat(levels) + text + "]".repeat(levels));
