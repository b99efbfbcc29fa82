import { describe, expect, it, vi } from "vitest";
import { readInput } from "../../worker/attempt-input.ts";
import { buildJob } from "../support/build-job.ts";

const noBucket = { getText: vi.fn(async () => expect.unreachable()) };
const inputLocation = { bucket: "results", key: "inputs/canary/1/2.json", bytes: 9_000 };
const { input: _, ...withoutInput } = buildJob();

describe("the input of an attempt", () => {
  it("is the text of the job's", async () => {
    expect(await readInput(buildJob({ input: '{"pages": [1]}' }), noBucket)).toEqual({ kind: "read", text: '{"pages": [1]}' });
  });

  it("is read from the bucket where it was too large for the item", async () => {
    const getText = vi.fn(async () => '{"title": "Large"}');
    expect(await readInput({ ...withoutInput, inputLocation }, { getText })).toEqual({
      kind: "read",
      text: '{"title": "Large"}',
    });
    expect(getText).toHaveBeenCalledWith(inputLocation);
  });

  it("fails the attempt, and not the job, where the bucket does not answer", async () => {
    const getText = vi.fn(async () => Promise.reject(new RangeError("slow down")));
    expect(await readInput({ ...withoutInput, inputLocation }, { getText })).toEqual({
      kind: "failed",
      code: "InputUnavailable",
      message: "the input could not be read from the bucket: RangeError: slow down",
      permanent: false,
    });
  });

  it("comes with the last checkpoint, from the item or from the bucket", async () => {
    const location = { bucket: "results", key: "checkpoints/canary/1/2.json", bytes: 9_000 };
    const getText = vi.fn(async () => '{"page": 41}');
    const resumed = (value: string | typeof location) =>
      readInput(buildJob({ input: "1", checkpoint: { number: 1, value } }), { getText });
    expect(await resumed('{"page": 40}')).toEqual({ kind: "read", text: "1", resumeFrom: '{"page": 40}' });
    expect(getText).not.toHaveBeenCalled();
    expect(await resumed(location)).toEqual({ kind: "read", text: "1", resumeFrom: '{"page": 41}' });
    expect(getText).toHaveBeenCalledWith(location);
  });
});
