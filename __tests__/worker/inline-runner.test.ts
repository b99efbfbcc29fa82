import { getEventListeners } from "node:events";
import { describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { defineJobType } from "../../domain/job-type.ts";
import { defineJob, type JobHandler } from "../../worker/define-job.ts";
import { inlineRunner } from "../../worker/inline-runner.ts";
import { type JobScope, jobScope, MAX_STRAYS } from "../../worker/job-scope.ts";
import { buildRun } from "../support/worker-run.ts";

const jobType = defineJobType({
  name: "test",
  description: "A test",
  input: z.unknown(),
  timeoutSeconds: 1,
  isolation: "inline",
});
const strayError = vi.fn();
const runner = (handler: JobHandler<typeof jobType>) => inlineRunner(defineJob(jobType, handler), { strayError });

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
