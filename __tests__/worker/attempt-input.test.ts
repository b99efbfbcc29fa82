import { describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { readInput } from "../../worker/attempt-input.ts";
import { buildJob } from "../support/build-job.ts";

const jobType = { input: z.object({ pages: z.array(z.int().min(1)), title: z.string().default("Untitled") }) };
const noBucket = { getJson: vi.fn(async () => expect.unreachable()) };
const inputLocation = { bucket: "results", key: "inputs/canary/1/2.json", bytes: 9_000 };
const { input: _, ...withoutInput } = buildJob();

describe("the input of an attempt", () => {
  it("is the job's, with the schema's defaults", async () => {
    expect(await readInput(buildJob({ input: { pages: [1] } }), jobType, noBucket)).toEqual({
      kind: "parsed",
      value: { pages: [1], title: "Untitled" },
    });
  });

  it("is read from the bucket where it was too large for the item", async () => {
    const getJson = vi.fn(async () => ({ pages: [2], title: "Large" }));
    expect(await readInput({ ...withoutInput, inputLocation }, jobType, { getJson })).toMatchObject({
      value: { title: "Large" },
    });
    expect(getJson).toHaveBeenCalledWith(inputLocation);
  });

  it("fails the job for good, with every path, where it misses the schema", async () => {
    expect(await readInput(buildJob({ input: { pages: [1, 0], title: 7 } }), jobType, noBucket)).toEqual({
      kind: "failed",
      code: "InvalidInput",
      message: expect.stringMatching(/\/pages\/1: .*; \/title: /),
      permanent: true,
    });
  });

  it("fails the job for good where the schema itself throws", async () => {
    const throwing = { input: z.string().transform((text) => new URL(text).host) };
    const outcome = await readInput(buildJob({ input: "no URL" }), throwing, noBucket);
    expect(outcome).toEqual({
      kind: "failed",
      code: "InvalidInput",
      message: expect.stringContaining("Invalid URL"),
      permanent: true,
    });
  });

  it("fails the attempt, and not the job, where the bucket does not answer", async () => {
    const getJson = vi.fn(async () => Promise.reject(new RangeError("slow down")));
    expect(await readInput({ ...withoutInput, inputLocation }, jobType, { getJson })).toEqual({
      kind: "failed",
      code: "InputUnavailable",
      message: "the input could not be read from the bucket: RangeError: slow down",
      permanent: false,
    });
  });
});
