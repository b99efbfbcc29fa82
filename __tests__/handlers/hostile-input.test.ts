import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runs } from "../support/property-runs.ts";
import { type Answered, type ApiUnderTest, startApi } from "./api-under-test.ts";

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await api.stop();
});

const text = fc.string({ unit: "binary", maxLength: 40 });
const json = fc.jsonValue({ stringUnit: "binary", maxDepth: 5 });
const names = ["type", "status", "limit", "cursor", "__proto__", "toString"];

function expectNoFailure({ status, headers, body }: Answered): void {
  expect(status).toBeLessThan(500);
  expect(headers["content-type"]).toBe(status < 400 ? "application/json" : "application/problem+json");
  expect(JSON.stringify(body)).not.toMatch(/node_modules|[.]ts:/);
}

describe("the API under hostile input", () => {
  it("never fails on a body, whatever it holds", async () => {
    const body = fc.oneof(
      fc.string({ unit: "binary" }),
      json,
      fc.record(
        { type: fc.constant("canary"), input: json, delaySeconds: json, groupId: text, tags: json },
        { requiredKeys: ["type"] },
      ),
      fc.record({
        type: fc.constant("canary"),
        input: fc.record({ op: fc.constantFrom("echo", "sleep", "fail"), value: json, seconds: json, message: text }),
        tags: fc.dictionary(text, text),
      }),
    );
    const parts = fc.record({ body, headers: fc.dictionary(fc.constantFrom("idempotency-key", "content-type"), text) });
    await fc.assert(
      fc.asyncProperty(parts, async (request) => expectNoFailure(await api.call("addJob", request))),
      runs(300),
    );
  });

  it("never fails on batches, whatever they hold", async () => {
    const item = fc.record({ input: json, files: json, groupId: json, tags: json }, { requiredKeys: [] });
    const onComplete = fc.oneof(fc.record({ type: fc.constantFrom("canary", "__proto__"), input: json }), json);
    const body = fc.record(
      {
        type: fc.oneof(fc.constant("canary"), json),
        items: fc.oneof(fc.array(item, { maxLength: 3 }), json),
        onComplete,
        tags: json,
      },
      { requiredKeys: [] },
    );
    const id = fc.oneof(fc.constantFrom("canary_batch_01K91ABCDEFGHJKMNPQRSTVWXY", "../batches", "%2F"), text);
    await fc.assert(
      fc.asyncProperty(body, text, id, async (batch, key, any) => {
        expectNoFailure(await api.call("addBatch", { body: batch, headers: { "idempotency-key": key } }));
        for (const operation of ["getBatch", "listBatchJobs", "cancelBatch"] as const) {
          expectNoFailure(await api.call(operation, { id: any }));
        }
      }),
      runs(200),
    );
  });

  it("never fails on files and uploads, whatever they hold", async () => {
    const name = fc.oneof(fc.constantFrom("data", "__proto__", "constructor", "../data"), text);
    const ulid = fc.constantFrom("01K91ABCDEFGHJKMNPQRSTVWXY", "7ZZZZZZZZZZZZZZZZZZZZZZZZZ", "../../etl/x");
    const files = fc.oneof(fc.dictionary(name, fc.oneof(ulid, text, json)), json);
    const bytes = fc.oneof(fc.integer(), fc.double(), json);
    const requests = fc.record({ files, name: fc.oneof(name, json), bytes, contentType: fc.oneof(text, json) });
    await fc.assert(
      fc.asyncProperty(requests, async ({ files, ...upload }) => {
        const addition = { type: "canary", input: { op: "digest" }, files };
        expectNoFailure(await api.call("addJob", { body: addition }));
        expectNoFailure(await api.call("createUpload", { body: { type: "canary", ...upload } }));
      }),
      runs(200),
    );
  });

  it("never fails on a query or an ID, whatever they hold", async () => {
    const query = fc.dictionary(
      fc.oneof(fc.constantFrom(...names), text),
      fc.oneof(text, fc.constantFrom("canary", "QUEUED", "5")),
    );
    await fc.assert(
      fc.asyncProperty(query, text, async (query, id) => {
        expectNoFailure(await api.call("listJobs", { query }));
        for (const operation of ["addJob", "getJob", "cancelJob", "createUpload", "listJobTypes", "describeApi"] as const) {
          expectNoFailure(await api.call(operation, { id, query }));
        }
      }),
      runs(200),
    );
  });

  it("gives any JSON input back as it came", async () => {
    await fc.assert(
      fc.asyncProperty(json, async (value) => {
        const { body: job } = await api.call("addJob", { body: { type: "canary", input: { op: "echo", value } } });
        const { body: read } = await api.call("getJob", { id: job.id });
        const input = read.inputUrl === undefined ? read.input : await (await fetch(read.inputUrl)).json();
        expect(input).toEqual(JSON.parse(JSON.stringify({ op: "echo", value })));
      }),
      runs(100),
    );
  });
});
