import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { JOB_STATUSES, type StoredJob } from "../../../domain/job.ts";
import { jobIdForKey, jobIdForRetry } from "../../../domain/job-id.ts";
import { PayloadStore } from "../../../domain/payload-store.ts";
import { buildJob } from "../../support/build-job.ts";
import { buildRegistryEntry } from "../../support/build-registry-entry.ts";
import { recordCalls } from "../../support/client-middleware.ts";
import { ADA, BOB, ownerOf } from "../api-event.ts";
import { type ApiUnderTest, startApi } from "../api-under-test.ts";
import { upload } from "./uploads.ts";

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await api.stop();
});

async function stored(overrides: Partial<StoredJob> = {}): Promise<StoredJob> {
  const job = buildJob({ expiresAt: undefined, status: "FAILED", ...overrides } as Partial<StoredJob>);
  await api.dynamoDb.send(new PutCommand({ TableName: api.jobsTableName, Item: job }));
  return job;
}

describe("POST /jobs/{id}/retry", () => {
  it("adds a job with the same input, tags, group and owner", async () => {
    const job = await stored({
      ...{ input: '{"op":"echo","value":1.10}', tags: { customer: "acme" }, groupId: "acme", owner: ownerOf(BOB) },
    });
    const { status, headers, body } = await api.call("retryJob", { id: job.id });
    expect({ status, location: headers.location }).toEqual({ status: 202, location: `/jobs/${body.id}` });
    expect(headers).not.toHaveProperty("idempotency-replayed");
    expect(body).toMatchObject({ type: "canary", status: "QUEUED", version: 1, attempt: 0, maxAttempts: 3, retryOf: job.id });
    expect(body).toMatchObject({ tags: job.tags, groupId: "acme", owner: ownerOf(BOB) });
    expect(body.id).not.toBe(job.id);
    expect((await api.store.get(body.id))?.input).toBe(job.input);
    expect(await api.store.get(job.id)).toEqual(job);
  });

  it.each(JOB_STATUSES)("takes a job that is %s only if it has ended", async (status) => {
    const job = await stored({ status });
    const hasEnded = !["QUEUED", "RUNNING"].includes(status);
    const answer = await api.call("retryJob", { id: job.id });
    expect(answer.status).toBe(hasEnded ? 202 : 409);
    if (!hasEnded) expect(answer.body).toMatchObject({ code: "JobNotEnded", detail: expect.stringContaining(status) });
  });

  it("is the same job when it is repeated, also at once", async () => {
    const { id } = await stored();
    const [one, other] = await Promise.all([api.call("retryJob", { id }), api.call("retryJob", { id })]);
    const again = await api.call("retryJob", { id });
    expect(new Set([one.body.id, other.body.id, again.body.id]).size).toBe(1);
    expect(again).toMatchObject({ status: 202, headers: { "idempotency-replayed": "true" } });
  });

  it("makes three calls but for the one that reads the job, and one more that looks for an earlier try", async () => {
    const { id } = await stored();
    const calls = [api.dynamoDb, api.sqs, api.sns].map(recordCalls);
    await api.call("retryJob", { id });
    expect(
      calls
        .flat()
        .map(({ command }) => command)
        .sort(),
    ).toEqual(["GetItemCommand", "GetItemCommand", "PutItemCommand", "PublishBatchCommand", "SendMessageBatchCommand"].sort());
  });

  it("retries a retry as a job of its own", async () => {
    const { id } = await stored();
    const first = (await api.call("retryJob", { id })).body;
    await stored({ ...((await api.store.get(first.id)) as StoredJob), status: "CANCELLED" });
    const second = (await api.call("retryJob", { id: first.id })).body;
    expect([second.retryOf, new Set([id, first.id, second.id]).size]).toEqual([first.id, 3]);
  });

  it("copies a large input, with its bytes", async () => {
    const payloads = new PayloadStore(api.resultsBucket);
    const { id } = buildJob();
    const text = JSON.stringify({ op: "echo", value: "é ".repeat(5_000) });
    const inputLocation = await payloads.put(`inputs/canary/${id}/a+b é.json`, text, "application/json");
    await stored({ id, inputLocation });
    const { body } = await api.call("retryJob", { id });
    expect(body.inputLocation).toEqual({ ...inputLocation, key: expect.stringMatching(`^inputs/canary/${body.id}/`) });
    expect(await payloads.getText(body.inputLocation)).toBe(text);
  });

  it.each<[string, (id: string) => Partial<StoredJob["inputLocation"] & object>]>([
    ["of another type", () => ({ key: "inputs/document/document_01K91ABCDEFGHJKMNPQRSTVWXY/a.json" })],
    ["of another job", () => ({ key: "inputs/canary/canary_01K91ABCDEFGHJKMNPQRSTVWXY/a.json" })],
    ["of another job, by a detour", (id) => ({ key: `inputs/canary/${id}/../canary_01K91ABCDEFGHJKMNPQRSTVWXY/a.json` })],
    ["of the results", (id) => ({ key: `results/canary/${id}/1/result.json` })],
    ["of another bucket", (id) => ({ bucket: "elsewhere", key: `inputs/canary/${id}/a.json` })],
    ["that is not there", (id) => ({ key: `inputs/canary/${id}/erased.json` })],
  ])("copies no input %s, which a broken worker could have written into its job", async (_, place) => {
    const payloads = new PayloadStore(api.resultsBucket);
    const { id } = buildJob();
    const location = { bucket: api.resultsBucket, key: "", bytes: 2, ...place(id) };
    if (!location.key.endsWith("erased.json"))
      await payloads.put(location.key.replace(/[^/]+\/\.\.\//, ""), "{}", "application/json");
    await stored({ id, inputLocation: location });
    const calls = recordCalls(api.sqs);
    expect(await api.call("retryJob", { id })).toMatchObject({ status: 409, body: { code: "JobInputGone" } });
    expect(calls).toEqual([]);
  });

  it("copies files, so that it reads what the first job read for as long as it needs", async () => {
    const data = await upload(api.call, "a file", { contentType: "text/csv" });
    const { body: first } = await api.call("addJob", { body: { type: "canary", input: { op: "digest" }, files: { data } } });
    const job = (await api.store.get(first.id)) as StoredJob;
    await stored({ ...job, status: "FAILED" });
    const { status, body } = await api.call("retryJob", { id: first.id });
    expect({ status, files: body.files }).toEqual({ status: 202, files: first.files });
    const copied = (await api.store.get(body.id))?.files?.data;
    expect(copied).toEqual({ ...job.files?.data, key: expect.stringMatching(`^inputs/canary/${body.id}/[^/]+/data$`) });
    const { body: read } = await api.call("getJob", { id: body.id });
    const response = await fetch(read.files.data.url);
    expect([response.headers.get("content-type"), await response.text()]).toEqual(["text/csv", "a file"]);
  });

  it.each<[string, (object: { Bucket: string; Key: string }) => Promise<unknown>]>([
    ["was erased", (object) => api.s3.send(new DeleteObjectCommand(object))],
    ["was replaced", (object) => api.s3.send(new PutObjectCommand({ ...object, Body: "another" }))],
  ])("is refused, and nothing sent, where an upload %s", async (_, change) => {
    const data = await upload(api.call, "a file");
    const { body: first } = await api.call("addJob", { body: { type: "canary", input: { op: "digest" }, files: { data } } });
    const job = (await api.store.get(first.id)) as StoredJob;
    await stored({ ...job, status: "FAILED" });
    await change({ Bucket: api.resultsBucket, Key: job.files?.data?.key ?? "" });
    const calls = recordCalls(api.sqs);
    const { status, body } = await api.call("retryJob", { id: first.id });
    expect({ status, code: body.code }).toEqual({ status: 409, code: "JobInputGone" });
    expect(body.detail).toMatch(/is not stored any more, so it cannot be retried; add it as a new job$/);
    expect(calls).toEqual([]);
  });

  it("is refused, and can be tried again, where its files take too long to copy", async () => {
    const file = { bytes: 5_000_000_000, contentType: "a/b", key: "uploads/canary/o/u/data", etag: '"e"' };
    const job = await stored({ files: { data: file } });
    const payloads = new PayloadStore(api.resultsBucket);
    const copyFile = async () => await Promise.reject(Object.assign(new Error("Request aborted"), { name: "AbortError" }));
    const call = api.variant({ payloads: Object.assign(payloads, { copyFile }) });
    const { status, body } = await call("retryJob", { id: job.id });
    expect({ status, code: body.code }).toEqual({ status: 503, code: "Unavailable" });
    expect(body.detail).toBe(
      `the 5000000000 bytes that job ${job.id} began with were not copied in 20 s: try again, or upload the files again and add a new job`,
    );
  });

  it.each([
    ["of another type", { files: { data: { bytes: 9, contentType: "a/b", key: "uploads/document/o/u/data", etag: '"e"' } } }],
    ["of its results", { files: { data: { bytes: 9, contentType: "a/b", key: "results/canary/x/1/result.json", etag: '"e"' } } }],
  ])("copies no file %s, which a broken worker could have written into its job", async (_, overrides) => {
    const job = await stored(overrides as unknown as Partial<StoredJob>);
    expect(await api.call("retryJob", { id: job.id })).toMatchObject({ status: 409, body: { code: "JobInputGone" } });
  });

  it("has an ID that no key of a caller's makes, and that names which job of an ID it is", async () => {
    const job = { type: "canary", id: "canary_01K91ABCDEFGHJKMNPQRSTVWXY", createdAt: "2026-11-02T09:00:00.000Z" };
    expect(jobIdForRetry(job)).toMatch(/^canary_[0-7][0-9A-Z]{25}$/);
    expect(jobIdForRetry(job)).not.toBe(jobIdForKey("canary", "retry", job.id));
    expect(jobIdForRetry(job)).not.toBe(jobIdForRetry({ ...job, createdAt: "2026-11-02T09:00:00.001Z" }));
  });

  it("tells nothing of a job that is another's, or does not exist, or has expired", async () => {
    const call = api.variant({ access: "owner" });
    const { id } = await stored({ owner: ownerOf(BOB) });
    expect(await call("retryJob", { id, principal: ADA })).toMatchObject({ status: 404, body: { code: "JobNotFound" } });
    expect(await call("retryJob", { id, principal: BOB })).toMatchObject({ status: 202, body: { owner: ownerOf(BOB) } });
    expect(await call("retryJob", { id, principal: null })).toMatchObject({ status: 401 });
    expect(await api.call("retryJob", { id: buildJob().id })).toMatchObject({ status: 404 });
    expect(await api.call("retryJob", { id: "../jobs" })).toMatchObject({ status: 404 });
    expect(await api.call("retryJob", { id: (await stored({ expiresAt: 1 })).id })).toMatchObject({ status: 404 });
  });

  it("is refused where the type is retired or gone", async () => {
    const retired = await stored({ type: "old" });
    expect(await api.call("retryJob", { id: retired.id })).toMatchObject({ status: 404, body: { code: "UnknownJobType" } });
    await api.registry.register({ ...buildRegistryEntry("old"), retired: true });
    const call = api.variant({ registry: { get: async () => ({ ...buildRegistryEntry("old"), retired: true }) } });
    expect(await call("retryJob", { id: retired.id })).toMatchObject({ status: 409, body: { code: "JobTypeRetired" } });
  });

  it("takes no body", async () => {
    const { id } = await stored();
    expect((await api.call("retryJob", { id, body: { input: 1 } })).status).toBe(400);
    expect((await api.call("retryJob", { id, body: {} })).status).toBe(202);
  });
});
