import { describe, expect, it } from "vitest";
import { Validator } from "../../../handlers/http/validator.ts";
import { ADD_JOB_BODY, type AddJobBody } from "../../../handlers/jobs/add-job-body.ts";
import { requestHash } from "../../../handlers/jobs/request-hash.ts";

const validator = new Validator();

async function pathsOf(body: unknown): Promise<string[]> {
  return (await validator.check(ADD_JOB_BODY, body, { size: 1 })).map(({ path }) => path);
}

const BODY: AddJobBody = { type: "canary", input: { op: "echo", value: 1 } };

describe("the body of POST /jobs", () => {
  it.each([
    BODY,
    { ...BODY, input: null },
    { ...BODY, delaySeconds: 0, groupId: "tenant:1", tags: {} },
    { ...BODY, delaySeconds: 900, groupId: "~".repeat(128), tags: { ["k".repeat(128)]: "v".repeat(256) } },
    { ...BODY, tags: { "équipe 🦜": "数据\u2028 \ufdd0", constructor: "c" } },
    { ...BODY, tags: { astral: "🦜".repeat(256) } },
  ])("may be %j", async (body) => {
    expect(await pathsOf(body)).toEqual([]);
  });

  it.each([null, [], "text", 7])("may not be %j", async (body) => {
    expect(await pathsOf(body)).toEqual([""]);
  });

  it("needs type and input", async () => {
    expect(await pathsOf({})).toEqual(["/type", "/input"]);
  });

  it.each<[string, unknown]>([
    ["/type", { ...BODY, type: 7 }],
    ["/more", { ...BODY, more: 1 }],
    ["/__proto__", JSON.parse('{"type":"canary","input":1,"__proto__":{"a":1}}')],
    ["/delaySeconds", { ...BODY, delaySeconds: 365 * 86_400 + 1 }],
    ["/delaySeconds", { ...BODY, delaySeconds: -1 }],
    ["/delaySeconds", { ...BODY, delaySeconds: 1.5 }],
    ["/delaySeconds", { ...BODY, delaySeconds: "1" }],
    ["/groupId", { ...BODY, groupId: "" }],
    ["/groupId", { ...BODY, groupId: "a b" }],
    ["/groupId", { ...BODY, groupId: "é" }],
    ["/groupId", { ...BODY, groupId: "g".repeat(129) }],
    ["/groupId", { ...BODY, groupId: "g\n" }],
    ["/tags", { ...BODY, tags: [] }],
    ["/tags", { ...BODY, tags: Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`t${index}`, ""])) }],
    ["/tags/n", { ...BODY, tags: { n: 1 } }],
    ["/tags/n", { ...BODY, tags: { n: "v".repeat(257) } }],
    ["/tags/n", { ...BODY, tags: { n: "a\u0000b" } }],
    ["/tags/n", { ...BODY, tags: { n: "a\u0085b" } }],
    ["/tags/n", { ...BODY, tags: { n: "a\ud800b" } }],
    ["/tags/", { ...BODY, tags: { "": "v" } }],
    ["/tags/a\u007fb", { ...BODY, tags: { "a\u007fb": "v" } }],
    [`/tags/${"k".repeat(129)}`, { ...BODY, tags: { ["k".repeat(129)]: "v" } }],
    ["/tags/__proto__", { ...BODY, tags: JSON.parse('{"__proto__":"v"}') }],
  ])("is refused at %j in %j", async (path, body) => {
    expect(await pathsOf(body)).toEqual([path]);
  });

  it("is explained in words where a pattern is missed", async () => {
    const [error] = await validator.check(ADD_JOB_BODY, { ...BODY, tags: { n: "a\nb" } }, { size: 1 });
    expect(error?.message).toBe("must be a string of at most 256 characters, no control characters among them");
  });
});

describe("the hash of a request", () => {
  const hash = (body: AddJobBody) => requestHash(body, JSON.stringify(body.input));
  const hashOf = (inputText: string) => requestHash({ ...BODY, input: JSON.parse(inputText) }, inputText);

  it("does not depend on the order of keys", () => {
    const turned = { input: { value: 1, op: "echo" }, type: "canary" };
    expect(hash(turned)).toBe(hash(BODY));
  });

  it.each([
    ["1", "1.0", "1e0"],
    ['{"a":1e2,"b":[0.5]}', '{"b":[5e-1],"a":100}'],
    ["9007199254740993", "9007199254740993.0", "9007199254740.993e3"],
    ["-0", "0", "0.000"],
    ['"\\u0061"', '"a"'],
  ])("is the same for equal values: %s and %s", (...texts) => {
    expect(new Set(texts.map(hashOf)).size).toBe(1);
  });

  it.each([
    ["9007199254740992", "9007199254740993"],
    ["1e400", "1e401"],
    ["0.1", "0.10000000000000001"],
    ["[1,2]", "[2,1]"],
    ["1", '"1"'],
    ['{"a":9007199254740993}', '{"a":{"rawJSON":"9007199254740993"}}'],
  ])("tells %s from %s", (one, other) => {
    expect(hashOf(one)).not.toBe(hashOf(other));
  });

  it.each<AddJobBody>([
    { ...BODY, type: "other" },
    { ...BODY, input: { op: "echo", value: "1" } },
    { ...BODY, input: JSON.parse('{"op":"echo","value":1,"__proto__":{}}') },
    { ...BODY, delaySeconds: 1 },
    { ...BODY, runAt: "2026-12-24T18:00:00Z" },
    { ...BODY, groupId: "g" },
    { ...BODY, tags: { a: "b" } },
  ])("differs for %j", (body) => {
    expect(hash(body)).not.toBe(hash(BODY));
  });
});
