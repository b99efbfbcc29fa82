import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StoredJob } from "../../../domain/job.ts";
import { PayloadStore } from "../../../domain/payload-store.ts";
import { registryEntry } from "../../../domain/registry-entry.ts";
import { canaryJob } from "../../../jobs/canary/job-type.ts";
import { buildJob } from "../../support/build-job.ts";
import { buildRegistryEntry } from "../../support/build-registry-entry.ts";
import { recordCalls } from "../../support/client-middleware.ts";
import { ADA, BOB, ownerOf } from "../api-event.ts";
import { type ApiUnderTest, startApi } from "../api-under-test.ts";

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await api.stop();
});

async function stored(overrides: Partial<StoredJob>): Promise<StoredJob> {
  const job = buildJob({ expiresAt: undefined, ...overrides } as Partial<StoredJob>);
  await api.dynamoDb.send(new PutCommand({ TableName: api.jobsTableName, Item: job }));
  return job;
}

describe("GET /jobs/{id}", () => {
  it("answers the job without what is inside", async () => {
    const checkpoint = { number: 1, value: "1" };
    const job = await stored({ status: "RUNNING", progress: { fraction: 0.5 }, checkpoint });
    const { status, body } = await api.call("getJob", { id: job.id });
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: job.id, status: "RUNNING", progress: { fraction: 0.5 } });
    expect(Object.keys(body)).not.toEqual(
      expect.arrayContaining([
        expect.stringMatching(/lease|requestHash|lastWriteId|interruptions|typeStatus|createdAtId|checkpoint/),
      ]),
    );
  });

  it("reads consistently, and once", async () => {
    const { id } = await stored({});
    const calls = recordCalls(api.dynamoDb);
    await api.call("getJob", { id });
    expect(calls).toEqual([{ command: "GetItemCommand", input: expect.objectContaining({ ConsistentRead: true }) }]);
  });

  it("signs links to a large result and to the files in a result", async () => {
    const payloads = new PayloadStore(api.resultsBucket);
    const { id } = buildJob();
    const file = await payloads.put(`results/canary/${id}/1/files/a b+é.txt`, "hello", "text/plain");
    const resultLocation = await payloads.put(`results/canary/${id}/1/result.json`, '{"big":true}', "application/json");
    await stored({
      id,
      status: "SUCCEEDED",
      result: JSON.stringify({ file: { ...file, contentType: "text/plain" } }),
      resultLocation,
    });
    const { body } = await api.call("getJob", { id });
    expect(body.resultUrl).toContain("X-Amz-Expires=3600");
    expect(await (await fetch(body.resultUrl)).json()).toEqual({ big: true });
    expect(await (await fetch(body.result.file.url)).text()).toBe("hello");
  });

  it("signs links to the files in a large result", async () => {
    const payloads = new PayloadStore(api.resultsBucket);
    const { id } = buildJob();
    const file = {
      ...(await payloads.put(`results/canary/${id}/1/files/a.txt`, "hello", "text/plain")),
      contentType: "text/plain",
    };
    const json = JSON.stringify({ text: "t".repeat(5_000), file });
    const resultLocation = await payloads.put(`results/canary/${id}/1/result.json`, json, "application/json");
    await stored({ id, status: "SUCCEEDED", resultLocation });
    const { body } = await api.call("getJob", { id });
    expect(body.resultFiles).toEqual([{ ...file, url: expect.stringContaining("X-Amz-Expires=3600") }]);
    expect(await (await fetch(body.resultFiles[0].url)).text()).toBe("hello");
  });

  it.each([
    "",
    "nope",
    "01K91ABCDEFGHJKMNPQRSTVWXY",
    "canary_01K91ABCDEFGHJKMNPQRSTVWX",
    "canary_01k91abcdefghjkmnpqrstvwxy",
    "../jobs",
    "💥",
    "x".repeat(10_000),
  ])("answers 404 for %j, which is no ULID", async (id) => {
    const { status, body } = await api.call("getJob", { id });
    expect({ status, code: body.code }).toEqual({ status: 404, code: "JobNotFound" });
    expect(body.detail).toContain("ULID");
    expect(body.detail.length).toBeLessThan(250);
  });

  it("answers 404 for a job that never was", async () => {
    expect(await api.call("getJob", { id: buildJob().id })).toMatchObject({ status: 404, body: { code: "JobNotFound" } });
  });

  it("answers 404 for a job that has expired but is not deleted yet", async () => {
    const { id } = await stored({ status: "FAILED", expiresAt: Math.floor(Date.now() / 1_000) - 1 });
    expect(await api.call("getJob", { id })).toMatchObject({ status: 404 });
  });
});

describe("access by owner", () => {
  it("hides the jobs of others", async () => {
    const call = api.variant({ access: "owner" });
    const { id } = await stored({ owner: ownerOf(BOB) });
    expect(await call("getJob", { id, principal: BOB })).toMatchObject({ status: 200 });
    expect(await call("getJob", { id, principal: ADA })).toMatchObject({ status: 404 });
    expect(await call("cancelJob", { id, principal: ADA })).toMatchObject({ status: 404 });
    expect(await call("getJob", { id, principal: null })).toMatchObject({ status: 401 });
    expect(await api.call("getJob", { id, principal: ADA })).toMatchObject({ status: 200 });
  });

  it("lists the caller's own jobs only, and takes no cursor of another caller", async () => {
    const call = api.variant({ access: "owner" });
    await api.registry.register(buildRegistryEntry("owned"));
    const jobs = await Promise.all([ADA, BOB, ADA, ADA].map((owner) => stored({ type: "owned", owner: ownerOf(owner) })));
    const { body } = await call("listJobs", { query: { type: "owned", limit: "2" } });
    expect(body.items.map(({ owner }: { owner: string }) => owner)).toEqual([ownerOf(ADA), ownerOf(ADA)]);
    const next = { type: "owned", limit: "2", cursor: body.cursor };
    const { body: rest } = await call("listJobs", { query: next });
    const ids = [...body.items, ...rest.items].map(({ id }: { id: string }) => id);
    expect(ids.sort()).toEqual(
      jobs
        .filter(({ owner }) => owner === ownerOf(ADA))
        .map(({ id }) => id)
        .sort(),
    );
    expect(await call("listJobs", { query: next, principal: BOB })).toMatchObject({ body: { code: "InvalidCursor" } });
    expect(await call("listJobs", { principal: null })).toMatchObject({ status: 401 });
  });
});

describe("GET /jobs", () => {
  const created = (minute: number) => `2026-11-03T09:${String(minute).padStart(2, "0")}:00.000Z`;
  let ids: string[];
  beforeAll(async () => {
    await api.registry.register(buildRegistryEntry("listed"));
    const statuses = ["QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED", "QUEUED", "QUEUED"] as const;
    const jobs = await Promise.all(
      statuses.map((status, minute) => stored({ type: "listed", status, createdAt: created(minute) })),
    );
    ids = jobs.map(({ id }) => id).reverse();
  });
  const idsOf = ({ body }: Awaited<ReturnType<ApiUnderTest["call"]>>) => body.items.map(({ id }: { id: string }) => id);

  it("lists newest first, page by page, each job once", async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await api.call("listJobs", { query: { type: "listed", limit: "3", ...(cursor && { cursor }) } });
      expect(page.status).toBe(200);
      seen.push(...idsOf(page));
      cursor = page.body.cursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(ids);
  });

  it("neither lists nor reads what a worker of another type wrote as a job of this one", async () => {
    const { id } = buildJob({ type: "canary" });
    await stored({ id, type: "listed", status: "SUCCEEDED", createdAt: created(30) });
    expect(idsOf(await api.call("listJobs", { query: { type: "listed" } }))).toEqual(ids);
    expect(await api.call("getJob", { id })).toMatchObject({ status: 404, body: { code: "JobNotFound" } });
  });

  it("shows no job whose payload is not JSON, such as a text that would begin another job in the answer", async () => {
    const forged = `1},{"id":"${ids[0]}","type":"listed","status":"FAILED"`;
    for (const payload of [{ input: forged }, { result: forged }, { input: 7 as unknown as string }]) {
      const { id } = await stored({ type: "listed", status: "SUCCEEDED", createdAt: created(31), ...payload });
      expect(idsOf(await api.call("listJobs", { query: { type: "listed" } }))).toEqual(ids);
      expect(await api.call("getJob", { id })).toMatchObject({ status: 404, body: { code: "JobNotFound" } });
    }
  });

  it("lists the jobs of one status", async () => {
    const { body } = await api.call("listJobs", { query: { type: "listed", status: "QUEUED" } });
    expect(body.items.map(({ status }: { status: string }) => status)).toEqual(["QUEUED", "QUEUED", "QUEUED"]);
    expect(body).not.toHaveProperty("cursor");
  });

  it("lists the jobs of all types where none is named", async () => {
    const { body } = await api.call("listJobs", { query: { limit: "100" } });
    expect(new Set(body.items.map(({ type }: { type: string }) => type))).toEqual(new Set(["canary", "listed", "owned"]));
  });

  it("asks an index, never scans", async () => {
    await api.call("listJobs", { query: { type: "listed" } });
    const calls = recordCalls(api.dynamoDb);
    await api.call("listJobs", { query: { type: "listed" } });
    expect(new Set(calls.map(({ command }) => command))).toEqual(new Set(["QueryCommand", "BatchGetItemCommand"]));
  });

  it("lists by several statuses, tags and times", async () => {
    await api.registry.register(buildRegistryEntry("filtered"));
    const at = (minute: number) => `2026-11-02T09:0${minute}:00.000Z`;
    const [, wanted] = await Promise.all([
      stored({ type: "filtered", status: "FAILED", tags: { customer: "acme" }, createdAt: at(1) }),
      stored({ type: "filtered", status: "FAILED", tags: { customer: "acme", kind: "a:b" }, createdAt: at(2) }),
      stored({ type: "filtered", status: "RUNNING", tags: { customer: "acme", kind: "a:b" }, createdAt: at(3) }),
      stored({ type: "filtered", status: "CANCELLED", tags: { customer: "other", kind: "a:b" }, createdAt: at(4) }),
      stored({ type: "filtered", status: "CANCELLED", tags: { customer: "acme", kind: "a:b" }, createdAt: at(5) }),
    ]);
    const query = [
      ...([
        ["type", "filtered"],
        ["status", "FAILED"],
        ["status", "CANCELLED"],
      ] as const),
      ...([
        ["tag", "customer:acme"],
        ["tag", "kind:a:b"],
        ["createdAfter", at(1)],
        ["createdBefore", at(5)],
      ] as const),
    ];
    for (const [access, principal] of [
      ["account", ADA],
      ["owner", ADA],
    ] as const) {
      const answer = await api.variant({ access })("listJobs", { query, principal });
      expect({ status: answer.status, ids: idsOf(answer) }).toEqual({ status: 200, ids: access === "owner" ? [] : [wanted?.id] });
    }
  });

  it("leaves out jobs that have expired", async () => {
    await api.registry.register(buildRegistryEntry("expired"));
    await stored({ type: "expired", status: "FAILED", expiresAt: 1 });
    expect((await api.call("listJobs", { query: { type: "expired" } })).body).toEqual({ items: [] });
  });

  it.each([
    [{ type: "no-such" }, "InvalidRequest", "?type"],
    [{ type: "" }, "InvalidRequest", "?type"],
    [{ limit: "0" }, "InvalidRequest", "?limit"],
    [{ limit: "10000" }, "InvalidRequest", "?limit"],
    [{ status: "LOST" }, "InvalidRequest", "?status"],
    [{ tag: "acme" }, "InvalidRequest", "?tag"],
    [{ createdAfter: "yesterday" }, "InvalidRequest", "?createdAfter"],
    [{ createdBefore: "2026-02-30T00:00:00Z" }, "InvalidRequest", "?createdBefore"],
    [{ page: "2" }, "InvalidRequest", "?page"],
    [{ cursor: "bm90IG91cnM" }, "InvalidCursor", "?cursor"],
  ])("refuses %j", async (query, code, path) => {
    const { status, body } = await api.call("listJobs", { query });
    expect({ status, code: body.code, paths: body.errors.map((error: { path: string }) => error.path) }).toEqual({
      status: 400,
      code,
      paths: [path],
    });
  });

  it("refuses a cursor that was tampered with, or that belongs to another query", async () => {
    const { cursor } = (await api.call("listJobs", { query: { type: "listed", limit: "1" } })).body;
    const others = [
      { type: "listed", cursor: `${cursor}A` },
      { type: "canary", cursor },
      { type: "listed", status: "QUEUED", cursor },
      { cursor },
    ];
    for (const query of others) {
      expect(await api.call("listJobs", { query })).toMatchObject({ status: 400, body: { code: "InvalidCursor" } });
    }
    expect(await api.call("listJobs", { query: { type: "listed", limit: "5", cursor } })).toMatchObject({ status: 200 });
  });
});

describe("GET /job-types", () => {
  it("lists the types with their schemas and limits, and nothing of how they are deployed", async () => {
    const { status, body } = await api.call("listJobTypes", { principal: null });
    expect(status).toBe(200);
    const { inputSchema } = registryEntry(canaryJob, { queueUrl: "", cluster: "", service: "" });
    expect(body.items).toContainEqual({
      name: "canary",
      description: canaryJob.description,
      inputSchema,
      files: { data: canaryJob.files.data },
      limits: { timeoutSeconds: 120, maxAttempts: 3, concurrency: 10, maxTasks: 10 },
      schedules: [],
    });
  });

  it("lists the schedules of types that know more expressions or time zones than it does", async () => {
    const schedule = { name: "odd", expression: "cron(0 2 * * ? *)", timezone: "UTC", enabled: true, skipWhileRunning: false };
    const odd = [
      { ...schedule, expression: "sunset(Berlin)" },
      { ...schedule, timezone: "Mars/Olympus_Mons" },
    ];
    await api.registry.register(buildRegistryEntry("odd", { schedules: odd }));
    const { status, body } = await api.variant({})("listJobTypes");
    expect(status).toBe(200);
    expect(body.items.find(({ name }: { readonly name: string }) => name === "odd").schedules).toEqual(odd);
  });
});
