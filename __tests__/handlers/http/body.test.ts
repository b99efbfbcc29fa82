import { describe, expect, it } from "vitest";
import { MAX_BODY_BYTES } from "../../../domain/limits.ts";
import { type JsonBody, jsonBody } from "../../../handlers/http/body.ts";
import { apiRequest } from "../../../handlers/http/event.ts";
import { Problem } from "../../../handlers/http/problem.ts";
import { apiEvent } from "../api-event.ts";

function readBody(body: string, isBase64Encoded = false): JsonBody {
  return jsonBody(apiRequest({ ...apiEvent("addJob"), body, isBase64Encoded }));
}

function read(body: string, isBase64Encoded = false): unknown {
  return readBody(body, isBase64Encoded).value;
}

function problemOf(body: string, isBase64Encoded = false): Problem {
  try {
    read(body, isBase64Encoded);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error("the body was taken");
}

describe("reading a JSON body", () => {
  it("takes text", () => {
    expect(read('{"a":[1,null]}')).toEqual({ a: [1, null] });
  });

  it("takes base64, as API Gateway sends content that it does not know for text", () => {
    expect(read(Buffer.from('{"a":"é"}').toString("base64"), true)).toEqual({ a: "é" });
  });

  it.each(["", "{", "undefined", "{'a':1}", '{"a":1} x', "NaN"])("refuses %j, which is no JSON", (body) => {
    expect(problemOf(body)).toMatchObject({ code: "InvalidJson" });
  });

  it("refuses bytes that are no UTF-8", () => {
    expect(problemOf(Buffer.from([0x22, 0xff, 0x22]).toString("base64"), true)).toMatchObject({ code: "InvalidJson" });
  });

  it.each([
    ["Latin-1", '{"text":"caf\xe9"}'],
    ["a character cut off", '{"text":"\xc3"}'],
    ["bytes that UTF-8 has not", '{"text":"\xff\xfe"}'],
  ])("refuses text in which API Gateway replaced %s, which its length tells", (_, latin1) => {
    const bytes = Buffer.from(latin1, "latin1");
    const sent = { ...apiEvent("addJob", { headers: { "content-length": String(bytes.length) } }), body: bytes.toString() };
    expect(() => jsonBody(apiRequest(sent))).toThrow("the body is not JSON in UTF-8");
  });

  it("takes the character U+FFFD from who sent it", () => {
    const body = '{"text":"\uFFFD"}';
    const sent = apiEvent("addJob", { headers: { "content-length": String(Buffer.byteLength(body)) }, body });
    expect(jsonBody(apiRequest(sent)).value).toEqual({ text: "\uFFFD" });
    expect(read(body)).toEqual({ text: "\uFFFD" });
  });

  it("refuses a byte order mark, in either encoding", () => {
    expect(problemOf("\ufeff{}")).toMatchObject({ code: "InvalidJson" });
    expect(problemOf(Buffer.from("\ufeff{}").toString("base64"), true)).toMatchObject({ code: "InvalidJson" });
  });

  it("refuses a request without a body", () => {
    expect(() => jsonBody(apiRequest(apiEvent("addJob")))).toThrow("no body");
  });

  it("takes the largest body that is allowed, and none that is larger", () => {
    const largest = JSON.stringify("x".repeat(MAX_BODY_BYTES - 2));
    expect(read(largest)).toHaveLength(MAX_BODY_BYTES - 2);
    expect(problemOf(`${largest} `)).toMatchObject({ code: "BodyTooLarge" });
    expect(problemOf(Buffer.from(`${largest} `).toString("base64"), true)).toMatchObject({ code: "BodyTooLarge" });
  });

  it("counts bytes, not characters", () => {
    expect(problemOf(JSON.stringify("é".repeat(MAX_BODY_BYTES / 2)))).toMatchObject({ code: "BodyTooLarge" });
  });

  it("tells the numbers that its value does not hold as they were sent, each with its path", () => {
    expect(readBody('{"input":{"a/b":[0,1e400,0.1]},"x":9007199254740993}').unkept.map(({ path }) => path)).toEqual([
      "/input/a~1b/1",
      "/x",
    ]);
  });

  it("has the text of each member as it was sent", () => {
    const input = '{ "b": 1.10, "10": 1e400, "2": [ 9007199254740993, "\\u00e9" ] }';
    expect(readBody(` { "type" : "a" , "input" : ${input} , "list":[1 ,2] } `).texts).toEqual(
      new Map([
        ["type", '"a"'],
        ["input", input],
        ["list", "[1 ,2]"],
      ]),
    );
    expect(readBody(`{"\\u0069nput":[]}`).texts.get("input")).toBe("[]");
    expect(readBody('{"a":{"input":1},"input":2}').texts.get("input")).toBe("2");
    expect(readBody("[[1],2]").texts).toEqual(new Map());
  });

  it.each([
    ['{"input":{"a":1,"b":{"c":1,"c":2},"a":3}}', ["/input/b/c", "/input/a"]],
    ['{"type":"a","type":"b"}', ["/type"]],
    ['[{"a":1,"\\u0061":1}]', ["/0/a"]],
    ['{"__proto__":1,"__proto__":2}', ["/__proto__"]],
  ])("refuses a second member of the same name, which some readers take and some do not: %s", (body, paths) => {
    const problem = problemOf(body);
    expect(problem).toMatchObject({ code: "InvalidRequest" });
    expect(problem.details.errors?.map(({ path }) => path)).toEqual(paths);
  });

  it("takes the same name in objects beside and within each other", () => {
    expect(read('{"a":{"a":[{"a":1},{"a":2}]}}')).toEqual({ a: { a: [{ a: 1 }, { a: 2 }] } });
  });

  it("refuses half of a surrogate pair, which UTF-8 has not, and takes its escape", () => {
    expect(problemOf('"\ud800"')).toMatchObject({ code: "InvalidJson" });
    expect(read('"\\ud800"')).toBe("\ud800");
  });

  it("refuses what nests too deep to be walked by recursion", () => {
    const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
    expect(read(nested(200))).toBeInstanceOf(Array);
    expect(problemOf(nested(201)).details.errors?.[0]?.message).toContain("200 levels");
    expect(problemOf(nested(1_000_000))).toMatchObject({ code: "InvalidRequest" });
  });

  it("keeps a member called __proto__ as a member", () => {
    const body = read('{"__proto__":{"polluted":true}}') as object;
    expect(Object.keys(body)).toEqual(["__proto__"]);
    expect("polluted" in body).toBe(false);
  });
});
