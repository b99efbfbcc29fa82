import { describe, expect, it } from "vitest";
import { PermanentError, RetryAfterError } from "../../domain/errors.ts";
import { isTerminal } from "../../domain/job.ts";
import { eventually } from "../support/worker-eventually.ts";
import { workerSuite } from "../support/worker-suite.ts";

const { start } = workerSuite();

/** Resolves when the signal aborts, to its reason's code. */
const aborted = (signal: AbortSignal) =>
  new Promise<string>((resolve) => signal.addEventListener("abort", () => resolve((signal.reason as { code: string }).code)));

describe("a job that fails", () => {
  it("is not tried again after a permanent error", async () => {
    const { add, until, queueEmpty, lines } = await start({
      handler: () => {
        throw new PermanentError("the page has no text", { code: "NoText" });
      },
    });
    const { id } = await add();
    expect(await until(id, isTerminal)).toMatchObject({
      status: "FAILED",
      attempt: 1,
      version: 3,
      error: { code: "NoText", message: "the page has no text" },
    });
    await queueEmpty();
    expect(lines).toContainEqual(expect.objectContaining({ message: "job failed", level: "ERROR", jobId: id, reason: "NoText" }));
  });

  it("fails for good when its attempts are used up, with its last error", async () => {
    const { add, until, journal, queueEmpty } = await start({
      handler: (_, { attempt }) => Promise.reject(new RangeError(`attempt ${attempt}`)),
      jobType: { maxAttempts: 2 },
    });
    const { id } = await add();
    const failed = { status: "FAILED", attempt: 2, version: 5, error: { code: "RangeError", message: "attempt 2" } };
    expect(await until(id, isTerminal)).toMatchObject(failed);
    await queueEmpty();
    expect(journal.of(id)).toEqual([
      ...["claim 2", "publish 2", "retry 3", "publish 3", "hide 0 s"],
      ...["publish 3", "claim 4", "publish 4", "fail 5", "publish 5", "delete"],
    ]);
  });

  it("waits as long as it asked for before it is tried again, though its message is delivered once more", async () => {
    const started: number[] = [];
    const { add, until, journal, queue } = await start({
      handler: () => {
        started.push(Date.now());
        if (started.length === 1) throw new RetryAfterError(1);
      },
    });
    const { id } = await add();
    const { updatedAt, nextAttemptAt = "" } = await until(id, ({ version }) => version === 3);
    expect(Date.parse(nextAttemptAt) - Date.parse(updatedAt)).toBe(1_000);
    await queue.send({ jobId: id });
    expect(await until(id, isTerminal)).not.toHaveProperty("nextAttemptAt");
    expect(journal.of(id)).toContain("hide 1 s");
    expect(started.map((time) => time >= Date.parse(nextAttemptAt))).toEqual([false, true]);
  });

  it("waits for longer than SQS hides its message, which then comes back and is put back again", async () => {
    const { add, journal, until } = await start({ handler: () => Promise.reject(new RetryAfterError(2 * 86_400)) });
    const { id } = await add();
    await eventually(() => expect(journal.of(id)).toContainEqual(expect.stringMatching(/^hide 431[34]\d s$/)));
    const { nextAttemptAt = "" } = await until(id, ({ version }) => version === 3);
    expect(Date.parse(nextAttemptAt)).toBeGreaterThan(Date.now() + 2 * 86_400_000 - 60_000);
  });

  it("is retried after anything that it throws, error or not", async () => {
    const { add, until } = await start({
      handler: (_, { attempt }) => (attempt === 1 ? Promise.reject("words") : Promise.reject(undefined)),
      jobType: { maxAttempts: 2 },
    });
    const { id } = await add();
    const error = { code: "HandlerError", message: "the handler threw no error but undefined" };
    expect(await until(id, isTerminal)).toMatchObject({ status: "FAILED", attempt: 2, error });
  });

  it("fails for good, without a call of its handler, when its input misses the schema", async () => {
    const { add, until } = await start({ handler: () => expect.unreachable() });
    const { id } = await add({ input: '"no object"' });
    expect(await until(id, isTerminal)).toMatchObject({
      status: "FAILED",
      attempt: 1,
      error: {
        code: "InvalidInput",
        message: expect.stringContaining("the input does not match the job type's schema: /input: "),
      },
    });
  });
});

describe("a job that takes too long", () => {
  it("is told so, and is retried when it stops", async () => {
    const { add, until, lines } = await start({
      handler: async (_, { attempt, signal }) => (attempt === 1 ? Promise.reject(new Error(await aborted(signal))) : "in time"),
      jobType: { timeoutSeconds: 1 },
    });
    const { id } = await add();
    expect(await until(id, isTerminal)).toMatchObject({ status: "SUCCEEDED", attempt: 2, result: '"in time"' });
    const line = { jobId: id, outcome: "retry", reason: "JobTimeout", detail: "the attempt took longer than 1 s (JobTimeout)" };
    expect(lines).toContainEqual(expect.objectContaining(line));
  });

  it("succeeds where it still ends within its grace", async () => {
    const { add, until } = await start({ handler: (_, { signal }) => aborted(signal), jobType: { timeoutSeconds: 1 } });
    const { id } = await add();
    expect(await until(id, isTerminal)).toMatchObject({ status: "SUCCEEDED", result: '"JobTimeout"' });
  });

  it("fails for good where it finds within its grace that another attempt cannot help", async () => {
    const { add, until } = await start({
      handler: async (_, { signal }) => {
        throw new PermanentError(`no text until ${await aborted(signal)}`, { code: "NoText" });
      },
      jobType: { timeoutSeconds: 1 },
    });
    const { id } = await add();
    expect(await until(id, isTerminal)).toMatchObject({
      status: "FAILED",
      attempt: 1,
      error: { code: "NoText", message: "no text until JobTimeout" },
    });
  });

  it("is ended by force where it never returns, and its slot is free again", async () => {
    const { add, until } = await start({
      handler: ({ hang }) => (hang ? new Promise(() => {}) : "done"),
      jobType: { timeoutSeconds: 1, graceSeconds: 0, maxAttempts: 1, concurrency: 1 },
    });
    const { id } = await add({ input: '{"hang":true}' });
    const next = await add({ input: '{"hang":false}' });
    expect(await until(id, isTerminal)).toMatchObject({
      status: "FAILED",
      error: { code: "JobTimeout", message: expect.stringContaining("did not stop within its grace") },
    });
    expect(await until(next.id, isTerminal)).toMatchObject({ status: "SUCCEEDED" });
  });
});
