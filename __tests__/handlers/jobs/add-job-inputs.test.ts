import { GetObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PayloadLocation } from "../../../domain/job.ts";
import { apiEvent } from "../api-event.ts";
import { type ApiParts, type ApiUnderTest, CONTEXT, startApi } from "../api-under-test.ts";

const BODY = { type: "canary", input: { op: "echo", value: 1 } };

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await api.stop();
});

function s3Object({ bucket, key }: PayloadLocation): GetObjectCommand {
  return new GetObjectCommand({ Bucket: bucket, Key: key });
}

describe("the input of a job that is added", () => {
  it("is put into S3 where it is large, and the job tells where", async () => {
    const input = { op: "echo", value: "é".repeat(5_000) };
    const { body: job } = await api.call("addJob", { body: { ...BODY, input } });
    expect(job).not.toHaveProperty("input");
    const { bucket, key, bytes } = job.inputLocation;
    const { Body } = await api.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const stored = await Body?.transformToString();
    expect(JSON.parse(stored ?? "")).toEqual(input);
    expect(bytes).toBe(Buffer.byteLength(stored ?? ""));
    const { body: read } = await api.call("getJob", { id: job.id });
    expect(await (await fetch(read.inputUrl)).json()).toEqual(input);
  });

  it.each([
    ["deep nesting", JSON.parse(`${"[".repeat(100)}${"]".repeat(100)}`)],
    ["a member called __proto__", JSON.parse('{"__proto__":{"a":1}}')],
    ["a member called constructor", { constructor: 1 }],
    ["a member without a name", { "": 1 }],
    ["half a surrogate pair", "\ud800"],
    ["characters that XML forbids", "\u0000\ufffe\uffff"],
    ["tiny and huge numbers", [5e-324, 1e300, 1e22]],
    ["an SDK-like instance", { constructor: { name: "Object" }, type: "Buffer", data: [1] }],
  ])("stays as it is with %s", async (_, value) => {
    const { status, body: job } = await api.call("addJob", { body: { ...BODY, input: { op: "echo", value } } });
    expect(status).toBe(202);
    const { body: read } = await api.call("getJob", { id: job.id });
    const input = read.inputUrl === undefined ? read.input : await (await fetch(read.inputUrl)).json();
    expect(JSON.stringify(input)).toBe(JSON.stringify({ op: "echo", value }));
  });

  it.each([
    ["names that JavaScript sorts", '{ "op": "echo", "value": {"b":1,"10":2,"a":3,"2":4} }'],
    ["numbers written in their own way", '{"op":"echo","value":[1.10,1E2,-0,0.10000000000000001]}'],
    ["blanks and escapes", '{"op":"echo",\n"value":"\\u00e4\\/"}'],
    ["many of them, in S3", `{"op":"echo","value":[${"1.0, ".repeat(2_000)}1.0]}`],
  ])("keeps its text to the last character, with %s", async (_, input) => {
    const { body: job } = await api.call("addJob", { body: `{"type":"canary","input": ${input} ,"tags":{}}` });
    const { Body } = job.inputLocation === undefined ? {} : await api.s3.send(s3Object(job.inputLocation));
    expect((await api.store.get(job.id))?.input ?? (await Body?.transformToString())).toBe(input);
    const { body } = await api.handler({})(apiEvent("getJob", { id: job.id }), CONTEXT);
    if (job.inputLocation === undefined) expect(body).toContain(`"input":${input}`);
  });

  it("keeps numbers of any size for a command, which gets the text", async () => {
    const entry = (await api.registry.get("canary"))!;
    const command: ApiParts = { registry: { get: async () => ({ ...entry, isolation: "process" }) } };
    const input = '{"op":"echo","value":[1970670598291982290,1e400,0.12345678901234567890123]}';
    const { status, body: job } = await api.variant(command)("addJob", { body: `{"type":"canary","input":${input}}` });
    expect({ status, input: (await api.store.get(job.id))?.input }).toEqual({ status: 202, input });
  });
});
