import { createHash } from "node:crypto";
import { openAsBlob } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { buffer, text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { JobsClient } from "../../client/jobs-client.ts";
import { canaryJob } from "../../jobs/canary/job-type.ts";
import { documentJob } from "../../jobs/document/job-type.ts";
import { type CallersPlatform, startCallersPlatform } from "../support/callers-platform.ts";

/** The client against the whole platform. */

let platform: CallersPlatform;
let jobs: JobsClient;
const tags = { test: "client" };

beforeAll(async () => {
  platform = await startCallersPlatform(["canary", "document"]);
  jobs = new JobsClient({ url: platform.url });
});
afterAll(async () => {
  await platform.stop();
});

describe("the client", () => {
  it("adds a job and waits for it", async () => {
    const job = await jobs.addAndWait(canaryJob, { op: "echo", value: "Grüße, 你好, 🐤" }, { tags });
    expect(job).toMatchObject({ status: "SUCCEEDED", result: { value: "Grüße, 你好, 🐤" }, tags });
    expect(await jobs.result(job)).toEqual({ value: "Grüße, 你好, 🐤" });
    expect(await jobs.get(job)).toEqual(job);
  });

  it("adds one job under one key", async () => {
    const options = { idempotencyKey: "order-17", tags };
    const { id } = await jobs.add(canaryJob, { op: "echo", value: 1 }, options);
    expect((await jobs.add(canaryJob, { op: "echo", value: 1 }, options)).id).toBe(id);
    await expect(jobs.add(canaryJob, { op: "echo", value: 2 }, options)).rejects.toMatchObject({
      code: "IdempotencyKeyReused",
      status: 409,
    });
  });

  it("is told what is wrong with an input", async () => {
    await expect(jobs.add("canary", { op: "sleep", seconds: "long" })).rejects.toMatchObject({
      code: "InvalidInput",
      status: 422,
      errors: [{ path: "/input/seconds", message: expect.any(String) }],
    });
  });

  it("uploads a file of 20 MB for a job, and is told how far it is", async () => {
    const content = Buffer.alloc(20_000_000, "0123456789abcdef");
    const file = path.join(platform.folder, "large.bin");
    await writeFile(file, content);
    const sent: number[] = [];
    const data = await jobs.upload(canaryJob, "data", await openAsBlob(file), {
      onProgress: ({ sentBytes }) => sent.push(sentBytes),
    });
    expect(sent.length).toBeGreaterThan(10);
    expect(sent.at(-1)).toBe(content.length);
    const job = await jobs.addAndWait(canaryJob, { op: "digest" }, { files: { data }, tags });
    expect(await jobs.result(job)).toEqual({
      bytes: content.length,
      sha256: createHash("sha256").update(content).digest("hex"),
    });
    expect(job.files).toMatchObject({ data: { bytes: content.length, contentType: "application/octet-stream" } });
  });

  it("reads a large result, parsed and as it was written", async () => {
    const job = await jobs.addAndWait(canaryJob, { op: "result", bytes: 100_000 }, { tags });
    expect(job).toMatchObject({ status: "SUCCEEDED", resultLocation: { bytes: 100_000 } });
    const value = "x".repeat(100_000 - '{"value":""}'.length);
    expect(await jobs.result(job)).toEqual({ value });
    expect(await text(await jobs.resultStream(job))).toBe(JSON.stringify({ value }));
  });

  it("reads the files of a result", async () => {
    const job = await jobs.addAndWait(documentJob, { title: "Report", markdown: "# Hello" }, { tags });
    const [pdf, ...others] = await jobs.files(job);
    expect(others).toEqual([]);
    expect(pdf).toMatchObject({ name: "document.pdf", contentType: "application/pdf" });
    const content = await buffer(await pdf!.stream());
    expect(content.length).toBe(pdf!.bytes);
    expect(content.subarray(0, 5).toString()).toBe("%PDF-");
  });

  it("does a failed job again, as one new job", async () => {
    const failed = await jobs.addAndWait(canaryJob, { op: "fail", message: "no luck", permanent: true }, { tags });
    expect(failed).toMatchObject({ status: "FAILED", error: { message: "no luck" } });
    await expect(jobs.result(failed)).rejects.toMatchObject({ code: "JobNotSucceeded" });
    const again = await jobs.retry(failed);
    expect((await jobs.retry(failed.id)).id).toBe(again.id);
    expect(await jobs.wait(again)).toMatchObject({ status: "FAILED", retryOf: failed.id, tags });
  });

  it("cancels a job, and is told what cannot be cancelled", async () => {
    const job = await jobs.add(canaryJob, { op: "sleep", seconds: 100 }, { tags });
    const cancelled = await jobs.wait(await jobs.cancel(job));
    expect(cancelled.status).toBe("CANCELLED");
    await expect(jobs.retry(await jobs.add(canaryJob, { op: "echo", value: 1 }, { delaySeconds: 900 }))).rejects.toMatchObject({
      code: "JobNotEnded",
    });
  });

  it("waits for many jobs, and lists them by tag, page after page", async () => {
    const own = { batch: "many" };
    const added = await Promise.all(
      Array.from({ length: 30 }, (_, value) => jobs.add(canaryJob, { op: "echo", value }, { tags: own })),
    );
    const values: unknown[] = [];
    for await (const { result } of jobs.waitAll(added, { concurrency: 4 })) values.push((result as { value: unknown }).value);
    expect(new Set(values)).toEqual(new Set(Array.from({ length: 30 }, (_, value) => value)));
    const listed: string[] = [];
    for await (const { id } of jobs.list({ type: canaryJob, tags: own, status: ["SUCCEEDED", "FAILED"], pageSize: 7 })) {
      listed.push(id);
    }
    expect(listed.sort()).toEqual(added.map(({ id }) => id).sort());
  });

  it("tells what can be asked for", async () => {
    expect((await jobs.jobTypes()).map(({ name, files }) => [name, Object.keys(files)])).toEqual([
      ["canary", ["data"]],
      ["document", []],
    ]);
  });
});
