import { getEventListeners } from "node:events";
import { describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { defineJobType } from "../../../domain/job-type.ts";
import { defineJob, type JobHandler } from "../../../worker/define-job.ts";
import { inlineRunner } from "../../../worker/runners/inline-runner.ts";
import { type JobScope, jobScope, MAX_STRAYS } from "../../../worker/runners/threads/job-scope.ts";
import { runProgram } from "../../support/run-program.ts";
import { buildRun } from "../../support/worker-run.ts";

const jobType = defineJobType({
  name: "test",
  description: "A test",
  input: z.unknown(),
  timeoutSeconds: 1,
  isolation: "inline",
});
const strayError = vi.fn();
const runner = (handler: JobHandler<typeof jobType>) => inlineRunner(defineJob(jobType, handler), { strayError });

describe("an error of a handler in the worker's own thread that nothing caught", () => {
  it("ends its attempt, or is logged with the job that left it, and touches neither the worker nor its other jobs", async () => {
    const told = await runProgram(
      `const { catchStrays } = await load("../../worker/runners/threads/catch-strays.ts");
       const { inlineRunner } = await load("../../worker/runners/inline-runner.ts");
       const { buildRun } = await load("./worker-run.ts");
       const strays = [];
       const others = [];
       catchStrays({ exception: (error) => others.push(error.message), rejection: (error) => others.push(error.message) });
       const strayError = (job, { code, message, stack }) => strays.push([job.id, code, message, stack.includes("at ")]);
       const after = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
       const handlers = {
         throws: () => { setTimeout(() => { throw new Error("in time"); }, 5); return new Promise(() => {}); },
         rejects: () => { void Promise.reject(new Error("in time")); return new Promise(() => {}); },
         leaves: () => void setTimeout(() => { throw new RangeError("late"); }, 20),
         leavesPromise: () => void setTimeout(() => void Promise.reject(new RangeError("late")), 20),
         neighbour: async () => { await after(60); return "done"; },
       };
       const jobType = { input: { safeParseAsync: async (data) => ({ success: true, data }) } };
       const runner = inlineRunner({ jobType, handler: ({ name }) => handlers[name]() }, { strayError });
       const run = (name) => runner.run(buildRun({ id: name, input: JSON.stringify({ name }) }));
       const outcomes = await Promise.all(Object.keys(handlers).map(run));
       setTimeout(() => { throw new Error("nobody's"); });
       await after(10);
       return { outcomes: outcomes.map(({ kind, code, message }) => [kind, code, message]), strays, others };`,
    );
    const crashed = ["failed", "HandlerCrashed", "an error that nothing caught: in time"];
    const returned = ["returned", null, null];
    expect(told).toEqual({
      outcomes: [crashed, crashed, returned, returned, returned],
      strays: [
        ["leaves", "RangeError", "late", true],
        ["leavesPromise", "RangeError", "late", true],
      ],
      others: ["nobody's"],
    });
  });
});

describe("a handler in the worker's own thread", () => {
  it("ends with its result or its error", async () => {
    expect(await runner((input) => [input]).run(buildRun({ input: "1" }))).toEqual({ kind: "returned", json: "[1]" });
    const failing = runner(() => Promise.reject(new RangeError("no")));
    expect(await failing.run(buildRun())).toMatchObject({ kind: "failed", code: "RangeError", message: "no" });
  });

  it("ends as a failure of the attempt even where it throws what cannot be read", async () => {
    const hostile = new Proxy({}, { get: () => JSON.parse("{") });
    expect(await runner(() => Promise.reject(hostile)).run(buildRun())).toMatchObject({ kind: "failed", code: "HandlerError" });
  });

  it("is left behind at the kill where it never ends", async () => {
    const kill = new AbortController();
    const run = buildRun({ kill: kill.signal });
    const outcome = runner(() => new Promise(() => {})).run(run);
    kill.abort();
    expect(await outcome).toMatchObject({ kind: "failed", code: "HandlerIgnoredAbort", permanent: false });
    expect(getEventListeners(run.kill, "abort")).toEqual([]);
  });

  it("logs, reports and stores nothing more once an error that nothing caught has ended its attempt", async () => {
    const run = buildRun({ log: vi.fn(), progress: vi.fn(), checkpoint: vi.fn(), putFile: vi.fn() });
    const [goOn, left] = [Promise.withResolvers<void>(), Promise.withResolvers<unknown[]>()];
    const outcome = await runner(async (_, job) => {
      jobScope.getStore()?.stray(new Error("no"));
      await goOn.promise;
      job.logger.info("after the end");
      left.resolve(
        await Promise.all(
          [job.progress(1), job.checkpoint(1), job.putFile("a", "b", "text/plain")].map((call) => call.catch((error) => error)),
        ),
      );
    }).run(run);
    expect(outcome).toMatchObject({ kind: "failed", code: "HandlerCrashed" });
    goOn.resolve();
    expect(await left.promise).toMatchObject([{ code: "JobOver" }, { code: "JobOver" }, { code: "JobOver" }]);
    for (const reach of [run.log, run.progress, run.checkpoint, run.putFile]) expect(reach).not.toHaveBeenCalled();
  });

  it("has its late errors logged a few times, where they come without end", async () => {
    strayError.mockClear();
    let scope: JobScope | undefined;
    await runner(() => {
      scope = jobScope.getStore();
    }).run(buildRun({ id: "late" }));
    for (let error = 0; error < 3 * MAX_STRAYS; error += 1) scope?.stray(new Error("late"));
    expect(strayError).toHaveBeenCalledTimes(MAX_STRAYS);
    expect(strayError).toHaveBeenCalledWith(
      expect.objectContaining({ id: "late" }),
      expect.objectContaining({ message: "late" }),
    );
  });

  it("leaves no listener on its signals", async () => {
    const run = buildRun();
    await runner(() => 1).run(run);
    expect([...getEventListeners(run.kill, "abort"), ...getEventListeners(run.signal, "abort")]).toEqual([]);
    await expect(runner(() => 1).close()).resolves.toBeUndefined();
  });
});
