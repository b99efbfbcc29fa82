import fc from "fast-check";

/** A body as API Gateway hands it on. */
export interface BodyText {
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** JSON has no undefined: such members are left out. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value) ?? "null";
}

export function plain(text: string): BodyText {
  return { body: text, isBase64Encoded: false };
}

/** As API Gateway passes bodies that it takes for binary. */
export function base64(bytes: string | Uint8Array): BodyText {
  return { body: Buffer.from(bytes as Uint8Array).toString("base64"), isBase64Encoded: true };
}

/** JSON as it is, in either encoding. */
export function bodies(values: fc.Arbitrary<unknown>): fc.Arbitrary<BodyText> {
  const encoding = fc.constantFrom(plain, plain, plain, base64);
  return fc.tuple(values, encoding).map(([value, encode]) => encode(jsonText(value)));
}

type Damage = (json: string) => BodyText;

/** Changes to a JSON text: most make it no JSON, some only look so. */
const DAMAGES: readonly Damage[] = [
  () => plain(""),
  () => base64(""),
  () => plain(" \n\t"),
  (json) => plain(json.slice(0, -1)),
  (json) => plain(json.slice(0, json.length / 2)),
  (json) => plain(`${json}}`),
  (json) => plain(`${json}${json}`),
  (json) => plain(`\ufeff${json}`),
  (json) => base64(`\ufeff${json}`),
  (json) => base64(Buffer.from(json, "utf16le")),
  (json) => base64(Buffer.concat([Buffer.from(json), Buffer.from([0xff, 0xfe])])),
  (json) => base64(Buffer.from(json.replace(/"([^"]*)"$/, '"\u00ff"'), "latin1")),
  // An overlong slash and half of a surrogate pair: three bytes each that no UTF-8 has.
  (json) =>
    base64(Buffer.concat([Buffer.from(`${json.slice(0, -1)},"groupId":"`), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')])),
  (json) => base64(Buffer.concat([Buffer.from('"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"'), Buffer.from(json)])),
  (json) => plain(json.replaceAll('"', "'")),
  (json) => plain(json.replace("{", "{/* a comment */")),
  (json) => plain(json.replace(/}$/, ",}")),
  (json) => plain(json.replace(/}$/, ',"delaySeconds":NaN}')),
  (json) => plain(json.replace(/}$/, ',"delaySeconds":Infinity}')),
  (json) => plain(json.replace(/}$/, ',"delaySeconds":-0}')),
  (json) => plain(json.replace(/}$/, ',"delaySeconds":1e400}')),
  (json) => plain(json.replace(/}$/, ',"delaySeconds":1e2}')),
  (json) => plain(json.replace(/}$/, ',"delaySeconds":0x10}')),
  (json) => plain(json.replace(/}$/, ',"delaySeconds":010}')),
  (json) => plain(json.replace(/}$/, `,"delaySeconds":${"9".repeat(400)}}`)),
  (json) => plain(json.replace(/}$/, `,"delaySeconds":0.${"0".repeat(400)}1}`)),
  (json) => plain(json.replace(/}$/, ',"delaySeconds":5.00000000000000000001}')),
  (json) => plain(json.replace(/"input":/, '"input":9007199254740993,"input":')),
  (json) => plain(json.replace(/"(op|title|csv)":"[^"]*"/, (member) => `${member},${member}`)),
  (json) => plain(json.replace(/:(\d+)([,}])/, ":$1.000$2")),
  (json) => plain(json.replace(/:\d+([,}])/, ":9007199254740993$1")),
  () => plain('{"type":"canary","input":{"op":"echo","value":[0.12345678901234567890123,1e400]}}'),
  () => plain('{"type":"canary","input":{"op":"echo","value":{"b":1.10,"10":[1E2,-0],"2":0.10000000000000001}}}'),
  (json) => plain(json.replace(/}$/, ',"type":"canary"}')),
  (json) => plain(json.replace(/}$/, ',"type":"no-such"}')),
  (json) => plain(json.replace(/}$/, ',"__proto__":{"isAdmin":true}}')),
  (json) => plain(json.replace(/}$/, ',"constructor":{"prototype":{"isAdmin":true}}}')),
  (json) => plain(json.replace(/}$/, ',"tags":{"__proto__":"x"}}')),
  (json) => plain(json.replace(/}$/, ',"groupId":"\\ud800"}')),
  (json) => plain(json.replace(/}$/, ',"groupId":"a\u0000b"}')),
  (json) => plain(json.replaceAll(",", " ,\r\n\t")),
  (json) => plain(`${"[".repeat(5_000)}${json}`),
  (json) => plain(`${"[".repeat(100_000)}${"]".repeat(100_000)}${json.slice(0, 0)}`),
  (json) => plain(`${'{"a":'.repeat(1_000)}${json}${"}".repeat(1_000)}`),
  (json) => plain(json.replace(/}$/, `,"input":${"[".repeat(205)}${"]".repeat(205)}}`)),
];

/** Texts that are not quite JSON, or oddly written. */
export function damagedBodies(values: fc.Arbitrary<unknown>): fc.Arbitrary<BodyText> {
  return fc.tuple(values, fc.constantFrom(...DAMAGES)).map(([value, damage]) => damage(jsonText(value)));
}

/** A body whose size is the limit's, or a little off it. */
export function bodiesAround(limit: number): fc.Arbitrary<BodyText> {
  return fc
    .tuple(fc.constantFrom(-1, 0, 1, 2, 1_000), fc.boolean(), fc.constantFrom("x", "é", '"'))
    .map(([past, isBase64, character]) => {
      const written = JSON.stringify(character).slice(1, -1);
      const [head, tail] = ['{"type":"canary","input":{"op":"echo","value":"', '"}}'];
      const room = limit + past - head.length - tail.length;
      const width = Buffer.byteLength(written);
      const text = `${head}${written.repeat(Math.floor(room / width))}${"y".repeat(room % width)}${tail}`;
      return isBase64 ? base64(text) : plain(text);
    });
}
