import { describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { defineJobType } from "../../domain/job-type.ts";
import { MAX_MESSAGE_CHARACTERS } from "../../domain/limits.ts";
import { defineJob, type JobHandler } from "../../worker/define-job.ts";
import { callHandler, checkFileName, jobContext } from "../../worker/job-context.ts";
import { buildRun } from "../support/worker-run.ts";

const jobType = defineJobType({ name: "test", description: "A test", input: z.unknown(), timeoutSeconds: 1 });
const call = (handler: JobHandler<typeof jobType>, run = buildRun()) => callHandler(defineJob(jobType, handler), run);

describe("what a handler gets", () => {
  it("is its input, its ID and its attempt", async () => {
    const seen = await call((input, { id, attempt }) => ({ input, id, attempt }), buildRun({ input: "[1]", attempt: 2 }));
    expect(seen).toEqual({ kind: "returned", json: '{"input":[1],"id":"test_01J00000000000000000000000","attempt":2}' });
  });

  it("is a logger whose lines carry level and details", () => {
    const log = vi.fn();
    const { logger } = jobContext(buildRun({ log }));
    logger.debug("a");
    logger.error("b", { c: 1 });
    expect(log.mock.calls).toEqual([
      ["debug", "a", undefined],
      ["error", "b", { c: 1 }],
    ]);
  });

  it("is where an earlier attempt was", () => {
    expect(jobContext(buildRun()).resumeFrom).toBeUndefined();
    expect(jobContext(buildRun({ resumeFrom: '{"page":1}' })).resumeFrom).toEqual({ page: 1 });
  });

  it("is one promise for all checkpoints that wait for one write", async () => {
    const [first, next] = [Promise.resolve(), Promise.withResolvers<void>()];
    const checkpoint = vi.fn().mockReturnValueOnce(first).mockReturnValue(next.promise);
    const context = jobContext(buildRun({ checkpoint }));
    await context.checkpoint(1);
    const waiting = context.checkpoint(2);
    expect(context.checkpoint(3)).toBe(waiting);
    next.reject(new Error("slow down"));
    await expect(waiting).rejects.toThrow("slow down");
  });

  it("is a refusal of a checkpoint that is not JSON, before it goes anywhere", async () => {
    const checkpoint = vi.fn();
    await expect(jobContext(buildRun({ checkpoint })).checkpoint({ at: [undefined] })).rejects.toMatchObject({
      code: "CheckpointNotSerializable",
      message: expect.stringContaining("/checkpoint/at/0"),
    });
    expect(checkpoint).not.toHaveBeenCalled();
  });

  it("is progress from 0 to 1", async () => {
    const progress = vi.fn();
    const context = jobContext(buildRun({ progress }));
    await context.progress(0);
    await context.progress(1, "done");
    expect(progress.mock.calls).toEqual([
      [0, undefined],
      [1, "done"],
    ]);
  });

  it("is progress messages as text, whatever was given", async () => {
    const progress = vi.fn();
    await jobContext(buildRun({ progress })).progress(0.5, 17 as unknown as string);
    expect(progress).toHaveBeenCalledWith(0.5, "17");
  });

  it("is progress messages cut before they go anywhere", async () => {
    const progress = vi.fn();
    await jobContext(buildRun({ progress })).progress(0.5, "m".repeat(1_000_000));
    expect(progress).toHaveBeenCalledWith(0.5, "m".repeat(MAX_MESSAGE_CHARACTERS));
  });

  it("refuses file names that could leave the job's folder", async () => {
    const putFile = vi.fn();
    const context = jobContext(buildRun({ putFile }));
    for (const name of ["../a", "a/b", "", "a b", "ä", "x".repeat(129)]) {
      await expect(context.putFile(name, "", "text/plain")).rejects.toMatchObject({
        name: "PermanentError",
        code: "InvalidFileName",
      });
    }
    expect(putFile).not.toHaveBeenCalled();
    expect(() => checkFileName("report-1_a.B.pdf")).not.toThrow();
  });

  it("refuses content types that are no media type", async () => {
    const putFile = vi.fn();
    const context = jobContext(buildRun({ putFile }));
    for (const contentType of ["", "pdf", "text/html\r\nX-A: b", undefined as unknown as string]) {
      await expect(context.putFile("a.txt", "", contentType)).rejects.toMatchObject({
        name: "PermanentError",
        code: "InvalidContentType",
      });
    }
    expect(putFile).not.toHaveBeenCalled();
    await context.putFile("a.txt", "", "text/plain; charset=utf-8");
    expect(putFile).toHaveBeenCalledWith("a.txt", "", "text/plain; charset=utf-8");
  });

  it("throws the signal's reason at the next progress or file once it is aborted", async () => {
    const context = jobContext(buildRun({ signal: AbortSignal.abort(new Error("cancelled")) }));
    await expect(context.progress(0.5)).rejects.toThrow("cancelled");
    await expect(context.putFile("a", "", "text/plain")).rejects.toThrow("cancelled");
  });
});

describe("what a handler did", () => {
  it.each<[string, unknown, string | undefined]>([
    ["a value", { a: [1, null] }, '{"a":[1,null]}'],
    ["nothing", undefined, undefined],
    ["null", null, "null"],
  ])("is the JSON of %s", async (_, value, json) => {
    expect(await call(() => value)).toEqual({ kind: "returned", json });
    expect(await call(async () => value)).toEqual({ kind: "returned", json });
  });

  it("is a permanent failure where its result is no JSON", async () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    const refusing = { toJSON: () => JSON.parse("{") };
    for (const value of [10n, cycle, refusing, () => 1, new Map(), Number.NaN, new Error("no"), { a: [new Set()] }]) {
      expect(await call(() => value)).toMatchObject({ kind: "failed", code: "ResultNotSerializable", permanent: true });
    }
    expect(await call(() => ({ tags: new Map() }))).toMatchObject({
      message: "the result is not JSON: an instance of Map at /result/tags",
    });
  });

  it("is a failure where it threw, at once or later", async () => {
    const boom = () => {
      throw new RangeError("boom");
    };
    expect(await call(boom)).toMatchObject({ kind: "failed", code: "RangeError" });
    expect(await call(async () => boom())).toMatchObject({ kind: "failed", code: "RangeError" });
  });
});
