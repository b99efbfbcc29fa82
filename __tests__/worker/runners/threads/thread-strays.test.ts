import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { MAX_STRAYS } from "../../../../worker/runners/threads/job-scope.ts";
import { ANY_INPUT, type HandlersInThreads, handlersInThreads, keysOf } from "../../../support/handlers-in-threads.ts";

/** What a job does when it has ended, by the name in its input; `wait` runs for longer than any of it takes. */
const HANDLERS = `
import { EventEmitter } from "node:events";
import { threadId } from "node:worker_threads";
const later = (what) => void setTimeout(what, 300);
const handlers = {
  thread: () => {},
  wait: () => new Promise((resolve) => setTimeout(() => resolve(threadId), 1_000)),
  untilAborted: (_, { signal }) => new Promise((resolve) => signal.addEventListener("abort", resolve)).then(() => "aborted"),
  lateReject: () => later(() => void Promise.reject(new Error("late"))),
  lateThrow: () => later(() => { throw new Error("late"); }),
  lateFlood: () => { const again = () => { setImmediate(again); throw new Error("late"); }; setImmediate(again); },
  lateEvent: () => later(() => new EventEmitter().emit("error", new Error("late"))),
  throwNow: () => { setTimeout(() => { throw new RangeError("now"); }, 5); return new Promise(() => {}); },
  rejectNow: () => { void Promise.reject(new RangeError("now")); return new Promise(() => {}); },
  exitSoon: () => void setImmediate(() => process.exit(3)),
  afterwards: (_, job) => {
    later(async () => {
      job.logger.info("after the end");
      console.log("after the end");
      await job.progress(0.5).catch(() => {});
      await job.putFile("late.txt", "late", "text/plain").catch(() => {});
    });
    return "ended";
  },
};
export default { jobType: { input: schema }, handler: async (input, job) => (await handlers[input.do](input, job)) ?? threadId };
`;

const RETURNED = { kind: "returned" };

let threads: HandlersInThreads;
beforeAll(async () => {
  threads = await handlersInThreads(ANY_INPUT + HANDLERS);
});
afterAll(() => threads.runner.close());

describe("an error that nothing caught", () => {
  it.each(["lateReject", "lateThrow", "lateEvent"])("comes after its job, and leaves the next one alone: %s", async (name) => {
    expect(await threads.run(name)).toMatchObject(RETURNED);
    const abort = new AbortController();
    const next = threads.run("untilAborted", { signal: abort.signal });
    const strays = () => threads.log.strayError.mock.calls.filter(([job]) => job?.id === `job-${name}`);
    await expect
      .poll(strays)
      .toEqual([[keysOf(name), expect.objectContaining({ message: "late", stack: expect.stringContaining("job.mjs:") })]]);
    abort.abort();
    expect(await next).toMatchObject(RETURNED);
  });

  it("is logged a few times, where it comes without end", async () => {
    expect(await threads.run("lateFlood")).toMatchObject(RETURNED);
    const strays = () => threads.log.strayError.mock.calls.filter(([job]) => job?.id === "job-lateFlood").length;
    await expect.poll(strays).toBe(MAX_STRAYS);
    expect(await threads.run("wait")).toMatchObject(RETURNED);
    expect(strays()).toBe(MAX_STRAYS);
  });

  it.each(["throwNow", "rejectNow"])("comes in the course of its job, and fails that attempt: %s", async (name) => {
    const message = "an error that nothing caught: now";
    const stack = expect.stringMatching(/RangeError: now\n.*job\.mjs:/);
    expect(await threads.run(name)).toEqual({ kind: "failed", code: "HandlerCrashed", message, permanent: false, stack });
    expect(threads.log.strayError).not.toHaveBeenCalledWith(keysOf(name), expect.anything());
    expect(await threads.run("thread")).toMatchObject(RETURNED);
  });
});

describe("a handler's module that fails by itself once it is loaded", () => {
  it("is not loaded again before a job asks for it", async () => {
    const failing = await handlersInThreads(`${ANY_INPUT}${HANDLERS}\nsetTimeout(() => { throw new Error("no database"); }, 1);`);
    const { strayError } = failing.log;
    await expect.poll(() => strayError.mock.calls).toHaveLength(1);
    // In that time another one would have started, several times.
    expect(await threads.run("wait")).toMatchObject(RETURNED);
    expect(strayError.mock.calls).toEqual([[undefined, expect.objectContaining({ message: "no database" })]]);
    await failing.runner.close();
  });
});

describe("a job that has ended", () => {
  it("logs, reports and stores nothing more, for itself or another", async () => {
    const own = { log: vi.fn(), progress: vi.fn(), putFile: vi.fn() };
    const others = { log: vi.fn(), progress: vi.fn(), putFile: vi.fn() };
    expect(await threads.run("afterwards", own)).toEqual({ kind: "returned", json: '"ended"' });
    expect(await threads.run("wait", others)).toMatchObject(RETURNED);
    for (const spy of [...Object.values(own), ...Object.values(others)]) expect(spy).not.toHaveBeenCalled();
  });
});

describe("a thread that has ended when its job's outcome is read", () => {
  /** For as long as a thread takes to run its job and to end, nothing that it says is heard. */
  const deaf = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);

  it("is replaced, and the job that left it is named, each time", async () => {
    for (let job = 0; job < 2; job += 1) {
      threads.log.threadReplaced.mockClear();
      const outcome = threads.run("exitSoon");
      await Promise.resolve();
      deaf();
      expect(await outcome).toMatchObject({ kind: "returned" });
      await expect.poll(() => threads.log.threadReplaced.mock.calls).toEqual([[keysOf("exitSoon"), ["a thread that has ended"]]]);
    }
  });
});
