import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newUploadId } from "../../../domain/job-files.ts";
import { PayloadStore } from "../../../domain/payload-store.ts";
import { buildRegistryEntry } from "../../support/build-registry-entry.ts";
import { recordCalls } from "../../support/client-middleware.ts";
import { ADA, BOB } from "../api-event.ts";
import { type ApiUnderTest, startApi } from "../api-under-test.ts";
import { receiveMessages } from "../queues.ts";
import { upload } from "./uploads.ts";

const INPUT = { op: "digest" };
const declared = { description: "A page", maxBytes: 100, required: true, contentTypes: ["image/png"] };

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
  await api.registry.register(buildRegistryEntry("pages", { queueUrl: api.queueUrl, files: { page: declared } }));
});
afterAll(async () => {
  await api.stop();
});

const add = (files: unknown, parts: object = {}) =>
  api.call("addJob", { body: { type: "canary", input: INPUT, files }, ...parts });

describe("adding a job with files", () => {
  it("takes an upload of the caller's, and stores which object it is", async () => {
    const data = await upload(api.call, "a,b\n1,2\n", { contentType: "text/csv" });
    const { status, body: job } = await add({ data });
    expect(status).toBe(202);
    expect(job.files).toEqual({ data: { bytes: 8, contentType: "text/csv" } });
    const stored = (await api.store.get(job.id))?.files?.data;
    expect(stored).toEqual({
      bytes: 8,
      contentType: "text/csv",
      key: expect.stringMatching(new RegExp(`^uploads/canary/[\\w-]{43}/${data}/data$`)),
      etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
    });
  });

  it("links to it, as it does to a large input", async () => {
    const { body: job } = await add({ data: await upload(api.call, "linked") });
    const { body: read } = await api.call("getJob", { id: job.id });
    expect(read.files).toEqual({ data: { ...job.files.data, url: expect.any(String) } });
    expect(await (await fetch(read.files.data.url)).text()).toBe("linked");
    expect((await api.call("listJobs", { query: { type: "canary", limit: "1" } })).body.items[0].files).toEqual(job.files);
  });

  it("takes two calls more than without, of which one is to S3", async () => {
    const data = await upload(api.call, "x");
    const payloads = new PayloadStore(api.resultsBucket);
    const found: string[] = [];
    const call = api.variant({
      payloads: {
        put: payloads.put.bind(payloads),
        copy: payloads.copy.bind(payloads),
        copyFile: payloads.copyFile.bind(payloads),
        getText: payloads.getText.bind(payloads),
        findFile: async (key: string) => {
          found.push(key);
          return await payloads.findFile(key);
        },
      },
    });
    const calls = [api.dynamoDb, api.sqs, api.sns].map(recordCalls);
    await call("addJob", { body: { type: "canary", input: INPUT, files: { data } }, headers: { "idempotency-key": "five" } });
    expect(calls.flat().length + found.length).toBe(5);
  });

  it("lets one upload be the file of several jobs", async () => {
    const data = await upload(api.call, "shared");
    expect([(await add({ data })).status, (await add({ data })).status]).toEqual([202, 202]);
  });

  it("is the same request only with the same uploads", async () => {
    const [one, other] = [await upload(api.call, "one"), await upload(api.call, "two")];
    const parts = { headers: { "idempotency-key": "files" } };
    const first = await add({ data: one }, parts);
    const again = await add({ data: one }, parts);
    expect(again).toMatchObject({ status: 202, headers: { "idempotency-replayed": "true" }, body: { id: first.body.id } });
    expect(await add({ data: other }, parts)).toMatchObject({ status: 409, body: { code: "IdempotencyKeyReused" } });
    expect(await add(undefined, parts)).toMatchObject({ status: 409 });
  });

  it("answers a repeated request though the upload is too old by then", async () => {
    const data = await upload(api.call, "old");
    const parts = { headers: { "idempotency-key": "late" } };
    await add({ data }, parts);
    const later = api.variant({ now: () => Date.now() + 2 * 86_400_000 });
    const answer = await later("addJob", { body: { type: "canary", input: INPUT, files: { data } }, ...parts });
    expect(answer).toMatchObject({ status: 202, headers: { "idempotency-replayed": "true" } });
  });
});

describe("a job is refused, and nothing sent, for a file that is", () => {
  const refused = async (files: unknown, message: string | RegExp, parts: object = {}) => {
    await receiveMessages(api.sqs, api.queueUrl);
    const { status, body } = await add(files, parts);
    expect({ status, code: body.code, path: body.errors[0].path }).toEqual({
      status: 422,
      code: "InvalidFiles",
      path: "/files/data",
    });
    expect(body.errors[0].message).toMatch(message);
    expect(await receiveMessages(api.sqs, api.queueUrl)).toEqual([]);
  };

  it("not uploaded", async () => {
    const { body } = await api.call("createUpload", { body: { type: "canary", name: "data", bytes: 1 } });
    await refused({ data: body.upload }, "nothing has been uploaded to it");
    await refused({ data: newUploadId(Date.now()) }, "is no upload of the caller's");
  });

  it("another caller's", async () => {
    const data = await upload(api.call, "mine", { principal: BOB });
    await refused({ data }, "is no upload of the caller's", { principal: ADA });
    expect((await add({ data }, { principal: BOB })).status).toBe(202);
  });

  it("for another type", async () => {
    const data = await upload(api.call, "png", { type: "pages", name: "page", contentType: "image/png" });
    await refused({ data }, "is no upload of the caller's");
  });

  it("uploaded more than a day ago", async () => {
    const data = await upload(api.call, "old");
    const later = api.variant({ now: () => Date.now() + 86_400_001 });
    const { status, body } = await later("addJob", { body: { type: "canary", input: INPUT, files: { data } } });
    expect({ status, errors: body.errors }).toEqual({
      status: 422,
      errors: [{ path: "/files/data", message: "is an upload of more than 24 hours ago: upload the file again" }],
    });
  });

  it("larger, or of another content type, than its type takes by now", async () => {
    const data = await upload(api.call, "too large");
    const entry = { ...buildRegistryEntry("canary", { queueUrl: api.queueUrl }), files: { data: { ...declared, maxBytes: 3 } } };
    const call = api.variant({ registry: { get: async () => entry } });
    const { status, body } = await call("addJob", { body: { type: "canary", input: INPUT, files: { data } } });
    expect({ status, errors: body.errors }).toEqual({
      status: 422,
      errors: [
        { path: "/files/data", message: "its size in bytes must be at most 3, not 9" },
        { path: "/files/data", message: "its content type must be image/png, not application/octet-stream" },
      ],
    });
  });

  it.each([
    ["required, and not given", { type: "pages", input: {} }, "/files/page", "is required"],
    [
      "not declared",
      { type: "canary", input: INPUT, files: { page: newUploadId(0) } },
      "/files/page",
      /is not a file of job type "canary", which takes data/,
    ],
    [
      "a member of every object",
      { type: "canary", input: INPUT, files: { constructor: newUploadId(0) } },
      "/files/constructor",
      /is not a file/,
    ],
  ])("%s", async (_, body, path, message) => {
    const answer = await api.call("addJob", { body });
    expect(answer).toMatchObject({ status: 422, body: { code: "InvalidFiles", errors: [{ path }] } });
    expect(answer.body.errors[0].message).toMatch(message);
  });

  it.each([
    ["named so that it leads elsewhere", { "../data": newUploadId(0) }, "/files/..~1data"],
    ["no upload's name", { data: "../../document/o/u/data" }, "/files/data"],
    ["a location", { data: { bucket: "results", key: "results/x" } }, "/files/data"],
    ["nothing", { data: null }, "/files/data"],
    ["one of a list", [newUploadId(0)], "/files"],
  ])("%s", async (_, files, path) => {
    const { status, body } = await add(files);
    expect({ status, code: body.code, path: body.errors[0].path }).toEqual({ status: 400, code: "InvalidRequest", path });
  });
});
