import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MAX_ITEM_PAYLOAD_BYTES, MAX_RESULT_BYTES } from "../../domain/limits.ts";
import { storeResult } from "../../worker/attempt-result.ts";
import type { RunOutcome } from "../../worker/runners/runner.ts";

const job = { id: "canary_01J00000000000000000000000", type: "canary", attempt: 2 };
const location = { bucket: "results", key: "results/canary/canary_01J00000000000000000000000/2/result.json", bytes: 1 };
const put = vi.fn(async (_key: string, _content: Uint8Array | string, _contentType: string) => location);
const store = (outcome: RunOutcome) => storeResult(job, outcome, { put }, 1_000);
const returned = (json: string | undefined): RunOutcome => ({ kind: "returned", json });
const text = (bytes: number) => JSON.stringify("x".repeat(bytes - 2));

beforeEach(() => {
  put.mockReset();
  put.mockResolvedValue(location);
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe("the result of an attempt", () => {
  it.each(["null", "0", '"text"', '{"a":[1]}', '{"":{"__proto__":1e-200}}', "9007199254740993", text(MAX_ITEM_PAYLOAD_BYTES)])(
    "goes into the item where it is small: %.20s",
    async (json) => {
      expect(await store(returned(json))).toEqual({ outcome: returned(json), values: { result: json } });
      expect(put).not.toHaveBeenCalled();
    },
  );

  it("goes to the bucket where it is larger", async () => {
    const json = text(MAX_ITEM_PAYLOAD_BYTES + 1);
    expect(await store(returned(json))).toEqual({ outcome: returned(json), values: { resultLocation: location } });
    expect(put).toHaveBeenCalledWith(location.key, json, "application/json");
  });

  it("is not parsed, which could hold the worker's thread, whatever its size", async () => {
    const parse = vi.spyOn(JSON, "parse");
    await store(returned("[{}]"));
    await store(returned(`[${"{},".repeat(MAX_ITEM_PAYLOAD_BYTES)}{}]`));
    expect(parse).not.toHaveBeenCalled();
  });

  it("is none where the handler returned nothing or failed", async () => {
    const failed: RunOutcome = { kind: "failed", code: "HandlerError", message: "no", permanent: false };
    expect(await store(returned(undefined))).toEqual({ outcome: returned(undefined), values: {} });
    expect(await store(failed)).toEqual({ outcome: failed, values: {} });
  });

  it("fails the job for good where it is too large for any place", async () => {
    expect((await store(returned(text(MAX_RESULT_BYTES + 1)))).outcome).toMatchObject({
      kind: "failed",
      code: "ResultTooLarge",
      message: "the result has more than 67108864 bytes of JSON. Store it with job.putFile instead",
      permanent: true,
    });
  });

  it("is stored again while the bucket does not answer", async () => {
    put.mockRejectedValueOnce(new Error("slow down"));
    expect((await store(returned(text(5_000)))).values).toEqual({ resultLocation: location });
  });

  it("fails the attempt, and not the job, where the bucket never answers", async () => {
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => (now += 600));
    put.mockRejectedValue(new Error("slow down"));
    expect(await store(returned(text(5_000)))).toEqual({
      outcome: {
        kind: "failed",
        code: "ResultNotStored",
        message: "the result could not be stored: slow down",
        permanent: false,
      },
      values: {},
    });
  });
});
