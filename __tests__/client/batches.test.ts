import { expect, it } from "vitest";
import { JobsClient } from "../../client/jobs-client.ts";
import { answeredJob, json, standInApi } from "./stand-in-api.ts";

const api = await standInApi();
const jobs = new JobsClient({ url: api.url, retries: { baseMs: 1, maxMs: 2 } });
const ID = "canary_batch_01JCQ8N6V4W2X9Y7Z5T3R1P0MK";
const JOB_ID = "canary_01JCQ8N6V4W2X9Y7Z5T3R1P0MK";
const batch = (rest: object = {}) => ({ id: ID, type: "canary", status: "OPEN", ...rest });
const asked = () => api.seen.map(({ method, url }) => `${method} ${url}`);

it("adds a batch under one key, however often it is tried", async () => {
  api.answer = (_, response, count) => {
    if (count === 1) json(response, 503, { code: "Unavailable", detail: "busy" });
    else json(response, 202, batch());
  };
  const items = [{ input: { op: "echo", value: 1 }, tags: { place: "first" } }, { input: { op: "echo", value: 2 } }];
  const onComplete = { type: "canary", input: { op: "echo", value: "all" } };
  expect(await jobs.addBatch("canary", items, { onComplete, tags: { run: "1" } })).toEqual(batch());
  expect(new Set(api.seen.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
  expect(JSON.parse(api.seen[1]!.body)).toEqual({ type: "canary", items, onComplete, tags: { run: "1" } });
  expect(asked()).toEqual(["POST /batches", "POST /batches"]);
});

it("waits for a batch by its last job that has not ended, and looks again", async () => {
  api.answer = ({ url }, response, count) => {
    if (url.includes("/jobs?"))
      json(response, 200, { items: [answeredJob(`${JOB_ID.slice(0, -1)}A`), answeredJob(JOB_ID, "RUNNING")] });
    else if (url.startsWith("/jobs/")) json(response, 200, answeredJob(JOB_ID, "SUCCEEDED"));
    else json(response, 200, batch(count > 1 ? { status: "COMPLETE" } : {}));
  };
  expect(await jobs.waitForBatch(ID)).toEqual(batch({ status: "COMPLETE" }));
  expect(asked()).toEqual([
    `GET /batches/${ID}`,
    `GET /batches/${ID}/jobs?status=QUEUED&status=RUNNING&limit=100`,
    `GET /jobs/${JOB_ID}?waitSeconds=25`,
    `GET /batches/${ID}`,
  ]);
});

it("reads the jobs of a batch, page after page, and cancels them", async () => {
  api.answer = ({ method, url }, response) => {
    if (method === "POST") json(response, 202, batch({ status: "COMPLETE" }));
    else json(response, 200, { items: [answeredJob(JOB_ID)], ...(url.includes("cursor") ? {} : { cursor: "next" }) });
  };
  const found = [];
  for await (const { id } of jobs.batchJobs(ID, { pageSize: 1 })) found.push(id);
  expect(found).toEqual([JOB_ID, JOB_ID]);
  expect(await jobs.cancelBatch({ ...batch() } as never)).toMatchObject({ status: "COMPLETE" });
  expect(asked().at(-1)).toBe(`POST /batches/${ID}/cancel`);
});

it("refuses what would be another path", async () => {
  for (const id of ["", ".", ".."]) {
    await expect(jobs.getBatch(id)).rejects.toThrow(`${JSON.stringify(id)} is no ID of a batch`);
  }
  expect(api.seen).toEqual([]);
});
