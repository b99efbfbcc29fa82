import { readFile } from "node:fs/promises";
import { defineJobType, type JobInput } from "@autoscaling-job-queues/domain/job-type";
import { defineJob, type JobContext } from "@autoscaling-job-queues/worker/define-job";
import { testJob } from "@autoscaling-job-queues/worker/testing";
import { describe, expect, it } from "vitest";
import * as z from "zod";

const greetingJob = defineJobType({
  name: "greeting",
  description: "Greets",
  input: z.object({ name: z.string(), polite: z.boolean().default(true) }),
  timeoutSeconds: 10,
});

function greeting(handler: (input: JobInput<typeof greetingJob>, job: JobContext) => unknown) {
  return defineJob(greetingJob, handler);
}

describe("testJob", () => {
  it("gives the handler the parsed input and returns its result as JSON", async () => {
    const job = greeting((input) => ({ ...input, at: new Date(0), nothing: undefined }));
    const { result } = await testJob(job, { name: "Ada" });
    expect(result).toEqual({ name: "Ada", polite: true, at: "1970-01-01T00:00:00.000Z" });
  });

  it("has no result where the handler returns nothing", async () => {
    expect(
      (
        await testJob(
          greeting(() => {}),
          { name: "Ada" },
        )
      ).result,
    ).toBeUndefined();
  });

  it.each([
    ["an instance of Map at /result/value", new Map()],
    ["an instance of Error at /result/value", new Error("no")],
    ["NaN at /result/value", Number.NaN],
    ["a BigInt at /result/value", 1n],
  ])("refuses a result that the worker would refuse: %s", async (message, value) => {
    const refused = { name: "PermanentError", code: "ResultNotSerializable", message: expect.stringContaining(message) };
    await expect(
      testJob(
        greeting(() => ({ value })),
        { name: "Ada" },
      ),
    ).rejects.toMatchObject(refused);
  });

  it("gives the handler what the schema's transforms make, as a thread does", async () => {
    class Money {
      readonly cents: number;
      constructor(cents: number) {
        this.cents = cents;
      }
    }
    const input = z.object({
      site: z.string().transform((text) => new URL(text)),
      price: z.number().transform((cents) => new Money(cents)),
      count: z.string().transform(BigInt),
    });
    const type = defineJobType({ name: "made", description: "Made", input, timeoutSeconds: 1 });
    const job = defineJob(type, ({ site, price, count }) => [site.host, price instanceof Money, String(count + 1n)]);
    const { result } = await testJob(job, { site: "https://example.com/a", price: 250, count: "9007199254740993" });
    expect(result).toEqual(["example.com", true, "9007199254740994"]);
  });

  it("refuses a number that no handler could be given", async () => {
    const type = defineJobType({ name: "any", description: "Any", input: z.unknown(), timeoutSeconds: 1 });
    const job = defineJob(type, () => expect.unreachable());
    await expect(testJob(job, { id: JSON.rawJSON("9007199254740993") })).rejects.toMatchObject({
      code: "InvalidInput",
      message: expect.stringContaining("/input/id: "),
    });
  });

  it("refuses an input that misses the schema, with its path", async () => {
    const never = greeting(() => expect.unreachable());
    await expect(testJob(never, { name: 7 })).rejects.toMatchObject({
      name: "PermanentError",
      code: "InvalidInput",
      message: expect.stringContaining("/input/name: "),
    });
  });

  it("keeps files, progress and log lines", async () => {
    const { result, files, progress, logs } = await testJob(
      greeting(async ({ name }, job) => {
        await job.progress(0.5, "writing");
        await job.progress(1);
        job.logger.warn("greeted", { name });
        return await job.putFile("hello.txt", `Hello ${name} ✓`, "text/plain");
      }),
      { name: "Ada" },
    );
    const text = new TextEncoder().encode("Hello Ada ✓");
    expect(files).toEqual(new Map([["hello.txt", { bytes: text, contentType: "text/plain" }]]));
    expect(result).toMatchObject({
      bytes: text.byteLength,
      contentType: "text/plain",
      key: expect.stringContaining("hello.txt"),
    });
    expect(progress).toEqual([{ fraction: 0.5, message: "writing" }, { fraction: 1 }]);
    expect(logs).toEqual([{ level: "warn", message: "greeted", details: { name: "Ada" } }]);
  });

  it("keeps a file as it was when it was stored", async () => {
    const { files } = await testJob(
      greeting(async (_input, job) => {
        const bytes = Uint8Array.of(1, 2);
        await job.putFile("a.bin", bytes, "application/octet-stream");
        bytes.fill(0);
      }),
      { name: "Ada" },
    );
    expect(files.get("a.bin")?.bytes).toEqual(Uint8Array.of(1, 2));
  });

  it.each(["", "a/b.txt", "ü.txt", "x".repeat(129)])("refuses the file name %j", async (name) => {
    const job = greeting((_input, context) => context.putFile(name, "", "text/plain"));
    await expect(testJob(job, { name: "Ada" })).rejects.toMatchObject({ code: "InvalidFileName" });
  });

  it.each(["", "pdf", "text/plain\n"])("refuses the content type %j", async (contentType) => {
    const job = greeting((_input, context) => context.putFile("a.txt", "", contentType));
    await expect(testJob(job, { name: "Ada" })).rejects.toMatchObject({ code: "InvalidContentType" });
  });

  it.each([
    [-0.1, [{ fraction: 0 }]],
    [1.1, [{ fraction: 1 }]],
    [Number.NaN, []],
  ])("reads the progress %d as the worker does, and logs that it is none", async (fraction, progress) => {
    const job = greeting((_input, context) => context.progress(fraction));
    const tested = await testJob(job, { name: "Ada" });
    expect(tested).toMatchObject({ progress, logs: [{ level: "warn", details: { given: String(fraction) } }] });
  });

  it("passes the attempt on, and throws what the handler throws", async () => {
    const job = greeting((_input, { attempt }) => {
      throw new RangeError(`attempt ${attempt}`);
    });
    await expect(testJob(job, { name: "Ada" }, { attempt: 3 })).rejects.toThrow(new RangeError("attempt 3"));
  });

  it("throws the signal's reason from progress and from putFile once the job is aborted", async () => {
    const settings = { signal: AbortSignal.abort(new Error("the job was cancelled")) };
    const reporting = greeting((_input, job) => job.progress(0.1));
    const storing = greeting((_input, job) => job.putFile("a.txt", "", "text/plain"));
    await expect(testJob(reporting, { name: "Ada" }, settings)).rejects.toThrow("the job was cancelled");
    await expect(testJob(storing, { name: "Ada" }, settings)).rejects.toThrow("the job was cancelled");
  });

  it("resumes, and keeps checkpoints as the next attempt reads them", async () => {
    const job = greeting(async (_input, context) => {
      await context.checkpoint({ from: context.resumeFrom, at: new Date(0) });
    });
    const { checkpoints } = await testJob(job, { name: "Ada" }, { resumeFrom: { page: 1 } });
    expect(checkpoints).toEqual([{ from: { page: 1 }, at: "1970-01-01T00:00:00.000Z" }]);
    const wrong = greeting((_input, context) => context.checkpoint(new Set()));
    await expect(testJob(wrong, { name: "Ada" })).rejects.toMatchObject({ code: "CheckpointNotSerializable" });
  });

  it("stores a checkpoint of a job that is aborted, and then throws the signal's reason", async () => {
    const stored: unknown[] = [];
    const job = greeting((_input, context) => context.checkpoint(stored.push("stored")));
    const settings = { signal: AbortSignal.abort(new Error("the worker shuts down")) };
    await expect(testJob(job, { name: "Ada" }, settings)).rejects.toThrow("the worker shuts down");
    expect(stored).toEqual(["stored"]);
  });
});

describe("the files that a tested job is added with", () => {
  const filesJob = defineJobType({
    name: "files",
    description: "Reads files",
    input: z.object({}),
    files: {
      data: { description: "Bytes", maxBytes: 10_000 },
      page: { description: "A page", maxBytes: 10_000, required: false },
    },
    timeoutSeconds: 1,
  });

  it("are read as in a worker, by the names that the type declares", async () => {
    const job = defineJob(filesJob, async (_, { files, openFile, filePath }) => {
      const parts: number[] = [];
      for await (const part of await openFile("data")) parts.push(part.byteLength);
      // @ts-expect-error: the type declares no such file
      await openFile("other").catch(() => {});
      return { files, parts, page: await readFile(await filePath("page"), "utf8") };
    });
    const { result } = await testJob(
      job,
      {},
      { files: { data: { content: new Uint8Array(2_001) }, page: { content: "häagen", contentType: "text/plain" } } },
    );
    expect(result).toEqual({
      files: { data: { bytes: 2_001, contentType: "application/octet-stream" }, page: { bytes: 7, contentType: "text/plain" } },
      parts: [1_000, 1_000, 1],
      page: "häagen",
    });
  });
});
