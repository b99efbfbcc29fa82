import { getEventListeners } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { TRACE_PARENT } from "../../../../domain/trace-parent.ts";
import { JobAbortedError } from "../../../../worker/job-aborted-error.ts";
import type { Run, Runner } from "../../../../worker/runners/runner.ts";
import { threadRunner } from "../../../../worker/runners/threads/thread-runner.ts";
import { buildRun } from "../../../support/worker-run.ts";

/** What the handler does, by the name in its input. */
const HANDLERS = `
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import * as z from ${JSON.stringify(import.meta.resolve("zod"))};
const done = (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
const spin = () => { for (;;); };
const handlers = {
  echo: ({ value }, { id, attempt }) => ({ value, id, attempt }),
  traceparent: (_, job) => job.traceparent,
  nothing: () => {},
  throwError: () => { throw new RangeError("too far"); },
  throwPermanent: () => { throw Object.assign(new Error("never"), { name: "PermanentError", code: "NoText" }); },
  throwText: () => { throw "words"; },
  bigint: () => 1n,
  progress: async (_, job) => { await job.progress(0.25, "reading"); await job.progress(1); },
  checkpoint: async (_, job) => {
    const stored = [job.resumeFrom];
    await job.checkpoint({ page: 1 });
    return [...stored, await Promise.all([2, 3].map((page) => job.checkpoint({ page }))).then(() => "stored")];
  },
  checkpointAndSpin: (_, job) => { void job.checkpoint(1); spin(); },
  checkpointAndEnd: (_, job) => { void job.checkpoint(1); void job.checkpoint(2); void job.checkpoint(3); },
  checkpointMap: async (_, job) => await job.checkpoint({ seen: new Map() }),
  putFile: async (_, job) => await job.putFile("report.txt", Buffer.from("hello"), "text/plain"),
  putTwo: async (_, job) => await Promise.all(["a.txt", "b.txt"].map((name) => job.putFile(name, name, "text/plain"))),
  log: (_, { logger }) => {
    logger.info("plain");
    logger.warn("odd", { call: () => 1, big: [1, undefined] });
    logger.error("odder", { big: 1n });
    logger.error("broken", { error: new TypeError("no", { cause: new Map([["a", 1]]) }) });
  },
  logMany: (_, { logger }) => { for (let line = 0; line < 500; line += 1) logger.info(String(line)); return "done"; },
  untilAborted: async (_, { signal, logger }) => { logger.info("waiting"); await done(signal); },
  finishWhenAborted: async (_, { signal, logger }) => { logger.info("waiting"); await done(signal).catch(() => {}); return "in time"; },
  spin: (_, { logger }) => { logger.info("waiting"); setImmediate(spin); return done(new AbortController().signal); },
  leak: () => { const held = []; for (;;) held.push(new Array(100_000).fill(Math.random())); },
  exit: (_, { logger }) => { logger.info("last words"); process.exit(7); },
  rejectUnseen: () => { void Promise.reject(new Error("unseen")); return new Promise(() => {}); },
  transformed: ({ site, price, count, greet }) => ({
    host: site.host, isMoney: price instanceof Money, cents: price.cents, next: String(count + 1n), greeting: greet(),
  }),
  endless: () => ({ toJSON() { return { again: this }; } }),
  postToParent: () => {
    const messages = [{ kind: "ended", outcome: { kind: "returned", json: "1" } }, { kind: "notLoaded", outcome: { kind: "failed" } }];
    for (const message of messages) for (const port of [parentPort, workerData?.port]) port?.postMessage(message);
    parentPort.on("message", () => {});
    return [isMainThread, workerData ?? null, process.listenerCount("message")];
  },
  floodParent: () => { for (let message = 0; message < 1_000; message += 1) parentPort.postMessage(new Uint8Array(1_048_576)); return "done"; },
  uncloneable: async (_, job) => await job.putFile("a.txt", () => 1, "text/plain"),
};
class Money { constructor(cents) { this.cents = cents; } }
const input = z.looseObject({
  site: z.string().transform((text) => new URL(text)).optional(),
  price: z.number().transform((cents) => new Money(cents)).optional(),
  count: z.string().transform((digits) => BigInt(digits)).optional(),
  greet: z.string().transform((name) => () => "hello " + name).optional(),
});
export default { jobType: { input }, handler: (input, job) => handlers[input.do](input, job) };
`;

const log = { strayError: vi.fn(), threadReplaced: vi.fn() };
let folder: string;
let runner: Runner;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "thread-runner-"));
  const file = path.join(folder, "job.mjs");
  await writeFile(file, HANDLERS);
  runner = threadRunner({ handlerUrl: pathToFileURL(file).href, concurrency: 2, memoryMiB: 512, log });
});
afterAll(async () => {
  await runner.close();
  await rm(folder, { recursive: true });
});

const run = (name: string, overrides: Partial<Run> = {}) =>
  runner.run(buildRun({ input: JSON.stringify({ do: name, value: 1 }), ...overrides }));

/** A run that can be told to stop, and promises to say when its handler is at work. */
function stoppable() {
  const abort = new AbortController();
  const kill = new AbortController();
  const waiting = Promise.withResolvers<void>();
  const overrides = { signal: abort.signal, kill: kill.signal, log: () => waiting.resolve() };
  return {
    overrides,
    waiting: waiting.promise,
    stop: () => abort.abort(new JobAbortedError("JobCancelled")),
    kill: () => kill.abort(),
  };
}

describe("a handler in a thread", () => {
  it("gets its input, ID and attempt, and ends with its result", async () => {
    const json = '{"value":1,"id":"test_01J00000000000000000000000","attempt":3}';
    expect(await run("echo", { attempt: 3 })).toEqual({ kind: "returned", json });
    expect(await run("nothing")).toEqual({ kind: "returned", json: undefined });
  });

  it("is told its place in a trace, where its job has one", async () => {
    expect(await run("traceparent", { traceparent: TRACE_PARENT.example })).toMatchObject({ json: `"${TRACE_PARENT.example}"` });
    expect(await run("traceparent")).toEqual({ kind: "returned", json: undefined });
  });

  it.each([
    ["throwError", { code: "RangeError", message: "too far", permanent: false }],
    ["throwPermanent", { code: "NoText", message: "never", permanent: true }],
    ["throwText", { code: "HandlerError", message: "the handler threw no error but words" }],
    ["bigint", { code: "ResultNotSerializable", permanent: true }],
    ["uncloneable", { code: "InvalidFileContent", permanent: true }],
    ["unknown", { code: "TypeError" }],
  ])("fails: %s", async (name, failure) => {
    expect(await run(name)).toMatchObject({ kind: "failed", ...failure });
  });

  it("fails where its module cannot be loaded", async () => {
    const broken = threadRunner({
      handlerUrl: pathToFileURL(path.join(folder, "gone.mjs")).href,
      concurrency: 1,
      memoryMiB: 512,
      log,
    });
    expect(await broken.run(buildRun())).toMatchObject({ kind: "failed", code: "HandlerNotLoaded", permanent: false });
    await broken.close();
  });

  it("reports progress, to the last report before its end", async () => {
    const progress = vi.fn();
    await run("progress", { progress });
    expect(progress.mock.calls).toEqual([
      [0.25, "reading"],
      [1, undefined],
    ]);
  });

  it("resumes, and hears when its checkpoints are stored: one is under way at a time, then the newest", async () => {
    const checkpoint = vi.fn(async () => {});
    const resumeFrom = '{"page":0}';
    expect(await run("checkpoint", { checkpoint, resumeFrom })).toEqual({ kind: "returned", json: '[{"page":0},"stored"]' });
    expect(checkpoint.mock.calls).toEqual([['{"page":1}'], ['{"page":2}'], ['{"page":3}']]);
  });

  it("hears why a checkpoint is not stored", async () => {
    const checkpoint = () => Promise.reject(new JobAbortedError("LeaseLost"));
    expect(await run("checkpoint", { checkpoint })).toMatchObject({ kind: "failed", code: "LeaseLost" });
    expect(await run("checkpointMap", { checkpoint })).toMatchObject({
      code: "CheckpointNotSerializable",
      message: expect.stringContaining("/checkpoint/seen"),
      permanent: true,
    });
  });

  it("hands on a checkpoint at once though it spins then, and the newest at its end", async () => {
    const checkpoint = vi.fn(() => new Promise<void>(() => {}));
    await run("checkpointAndEnd", { checkpoint });
    expect(checkpoint.mock.calls).toEqual([["1"], ["3"]]);
    const kill = new AbortController();
    await run("checkpointAndSpin", { kill: kill.signal, checkpoint: async () => kill.abort() });
  });

  it("loses no line that it logged just before its end", async () => {
    const log = vi.fn();
    await run("logMany", { log });
    expect(log).toHaveBeenCalledTimes(500);
  });

  it("loses no line of a handler that ended its thread", async () => {
    const log = vi.fn();
    await run("exit", { log });
    expect(log).toHaveBeenCalledWith("info", "last words", undefined);
  });

  it("gets what its schema makes of the input, also what cannot be handed to a thread", async () => {
    const input = '{"do":"transformed","site":"https://example.com/a","price":250,"count":"9007199254740993","greet":"Ada"}';
    const result = { host: "example.com", isMoney: true, cents: 250, next: "9007199254740994", greeting: "hello Ada" };
    expect(await run("transformed", { input })).toEqual({ kind: "returned", json: JSON.stringify(result) });
  });

  it("fails the job for good where its input misses the schema", async () => {
    const failed = { kind: "failed", code: "InvalidInput", message: expect.stringContaining("/input/price: "), permanent: true };
    expect(await run("echo", { input: '{"do":"echo","price":"2"}' })).toMatchObject(failed);
  });

  it("logs details that no thread can hand to another", async () => {
    const log = vi.fn();
    await run("log", { log });
    expect(log.mock.calls).toEqual([
      ["info", "plain", undefined],
      ["warn", "odd", { call: "[Function: call]", big: [1, null] }],
      ["error", "odder", { big: "1n" }],
      ["error", "broken", { error: expect.objectContaining({ name: "TypeError", message: "no", stack: expect.any(String) }) }],
    ]);
  });

  it("stores files through the worker", async () => {
    const stored: string[] = [];
    const putFile: Run["putFile"] = async (name, content, contentType) => {
      for await (const chunk of content as AsyncIterable<Uint8Array>) stored.push(`${name}: ${Buffer.from(chunk)}`);
      return { bucket: "b", key: name, bytes: 5, contentType };
    };
    expect(await run("putFile", { putFile })).toMatchObject({ json: expect.stringContaining('"key":"report.txt"') });
    expect(stored).toEqual(["report.txt: hello"]);
    expect(await run("putTwo", { putFile })).toMatchObject({ json: expect.stringMatching(/a\.txt.*b\.txt/) });
  });

  it("fails for good where its result goes on without end", async () => {
    expect(await run("endless")).toMatchObject({ code: "ResultNotSerializable", permanent: true });
  });

  it("has no way to the worker but its job: what it posts to its parent is neither heard nor kept", async () => {
    expect(await run("postToParent")).toEqual({ kind: "returned", json: "[false,null,0]" });
    const before = process.memoryUsage.rss();
    expect(await run("floodParent")).toEqual({ kind: "returned", json: '"done"' });
    // It has posted 1,000 MiB.
    expect(process.memoryUsage.rss() - before).toBeLessThan(500 * 1_048_576);
  });

  it("hears that a file could not be stored", async () => {
    const putFile = () => Promise.reject(new Error("the bucket is gone"));
    expect(await run("putFile", { putFile })).toMatchObject({ kind: "failed", message: "the bucket is gone" });
  });
});

describe("a handler in a thread that is told to stop", () => {
  it("hears why, and may throw that or finish", async () => {
    const first = stoppable();
    const failing = run("untilAborted", first.overrides);
    await first.waiting;
    first.stop();
    expect(await failing).toMatchObject({ kind: "failed", code: "JobCancelled", message: "the job was cancelled" });
    const second = stoppable();
    const finishing = run("finishWhenAborted", second.overrides);
    await second.waiting;
    second.stop();
    expect(await finishing).toEqual({ kind: "returned", json: '"in time"' });
  });

  it("is killed where it spins, and harms no other job", async () => {
    const spinning = stoppable();
    const waiting = stoppable();
    const spun = run("spin", spinning.overrides);
    const neighbour = run("finishWhenAborted", waiting.overrides);
    await Promise.all([spinning.waiting, waiting.waiting]);
    spinning.stop();
    spinning.kill();
    expect(await spun).toMatchObject({ kind: "failed", code: "HandlerIgnoredAbort", permanent: false });
    waiting.stop();
    expect(await neighbour).toMatchObject({ kind: "returned" });
    expect(getEventListeners(spinning.overrides.signal, "abort")).toEqual([]);
  });

  it("leaves its slot to the next jobs, however often that happens", async () => {
    for (let round = 0; round < 3; round += 1) {
      const spinning = stoppable();
      const spun = run("spin", spinning.overrides);
      await spinning.waiting;
      spinning.kill();
      await spun;
      expect(await run("nothing")).toMatchObject({ kind: "returned" });
    }
  });
});

describe("a thread that dies of its job", () => {
  it.each([
    ["leak", "OutOfMemory"],
    ["exit", "HandlerCrashed"],
    ["rejectUnseen", "HandlerCrashed"],
  ])("fails that attempt alone, and the next jobs run: %s", async (name, code) => {
    expect(await run(name)).toMatchObject({ kind: "failed", code, permanent: false });
    expect(await Promise.all([run("nothing"), run("nothing")])).toMatchObject([{ kind: "returned" }, { kind: "returned" }]);
  });
});
