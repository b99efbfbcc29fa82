import { describe, expect, it } from "vitest";
import type { Batch } from "../../../domain/batch.ts";
import { BATCH_JOBS, batchLine, batchProblems, type DemoBatch } from "../../../local/demo/batch.ts";

const batch: Batch = {
  id: "canary_batch_01JCQ8N6V4W2X9Y7Z5T3R1P0MK",
  type: "canary",
  status: "COMPLETE",
  version: 2,
  total: BATCH_JOBS,
  pending: 0,
  succeeded: BATCH_JOBS,
  failed: 0,
  cancelled: 0,
  createdAt: "2026-11-30T09:00:00.000Z",
};
const counts = { id: batch.id, total: BATCH_JOBS, succeeded: BATCH_JOBS, failed: 0, cancelled: 0 };
const followUp = { status: "SUCCEEDED", input: { op: "echo", value: 1, batch: counts } } as DemoBatch["followUp"];

describe("the demo's batch", () => {
  it("is right when all of it happened", () => {
    expect(batchProblems({ batch, event: batch, followUp })).toEqual([]);
  });

  it("is told in a line", () => {
    expect(batchLine({ batch: { ...batch, onCompleteJobId: "canary_01K" }, event: batch, followUp })).toBe(
      `${batch.id} batch: COMPLETE, as an event told, ${BATCH_JOBS} of ${BATCH_JOBS} succeeded → canary_01K`,
    );
  });

  it.each([
    ["it is open", { batch: { ...batch, status: "OPEN" as const } }, "batch canary_batch_"],
    ["no event came", { event: undefined }, "no event came"],
    ["nothing followed", { followUp: undefined }, "the job that follows batch"],
    [
      "what followed was told other counts",
      { followUp: { ...followUp, input: { batch: { ...counts, failed: 1 } } } as DemoBatch["followUp"] },
      "that job was told",
    ],
  ])("is not when %s", (_, changed, problem) => {
    expect(batchProblems({ batch, event: batch, followUp, ...changed }).join("; ")).toContain(problem);
  });
});
