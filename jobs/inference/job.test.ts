import { existsSync } from "node:fs";
import { defineJob } from "@autoscaling-job-queues/worker/define-job";
import { testJob } from "@autoscaling-job-queues/worker/testing";
import tesseract from "tesseract.js";
import { afterEach, describe, expect, it, vi } from "vitest";
import inference from "./job.ts";
import { inferenceJob } from "./job-type.ts";
import { samples } from "./samples.ts";

interface Result {
  readonly text: string;
  readonly confidence: number;
  readonly words: number;
  readonly lines: number;
}

const pages = new Map((await samples()).map(({ name, input }) => [name, input as { readonly image: string }]));
const page = (name: string): Buffer => Buffer.from(pages.get(name)?.image ?? "", "base64");
const read = async (image: Buffer, signal?: AbortSignal) =>
  await testJob(inference, { image: image.toString("base64") }, signal === undefined ? {} : { signal });

afterEach(() => {
  vi.restoreAllMocks();
});

describe("reading a page", () => {
  it.each([
    ["a letter", 17, ["Harbour Street Library", "the local newspapers to the ground", "Miriam Okafor", "12 March 2026"]],
    ["an invoice", 14, ["Watering can, ten litres 2 24.75 49.50", "Total 373.20", "within thirty days", "Number 20418"]],
    ["a scanned report", 13, ["Weather station report", "Wednesday -11 -4 25", "The anemometer froze for two hours"]],
    ["a notice", 5, ["The lift is out of service until Friday.", "Call 555 0147"]],
  ])("recognises the words of %s", async (name, lines, phrases) => {
    const result = (await read(page(name))).result as Result;
    for (const phrase of phrases) expect(result.text).toContain(phrase);
    expect(result.lines).toBe(lines);
    expect(result.words).toBe(result.text.split(/\s+/).length);
    expect(result.confidence).toBeGreaterThan(85);
    expect(result.confidence).toBeLessThanOrEqual(100);
  });

  it("reports progress up to the end of the page", async () => {
    const fractions = (await read(page("a notice"))).progress.map(({ fraction }) => fraction);
    expect(fractions[0]).toBe(0);
    expect(fractions.at(-1)).toBe(1);
    expect(fractions).toEqual(fractions.toSorted((left, right) => left - right));
    expect(fractions.length).toBeGreaterThan(3);
  });

  it("starts no second engine for later pages, and writes no file", async () => {
    await read(page("a notice"));
    const starts = vi.spyOn(tesseract, "createWorker");
    await read(page("a notice"));
    expect(starts).not.toHaveBeenCalled();
    expect(existsSync("eng.traineddata")).toBe(false);
  });
});

describe("refusing an image", () => {
  const hugePng = Buffer.from(page("a letter").subarray(0, 64));
  hugePng.writeUInt32BE(40_000, 16);
  hugePng.writeUInt32BE(40_000, 20);

  it.each([
    ["text", Buffer.from("a page of text"), "NotAnImage"],
    ["a PDF", Buffer.from("%PDF-1.7\n"), "NotAnImage"],
    ["a PNG without its header", page("a letter").subarray(0, 12), "NotAnImage"],
    ["a JPEG without its frame", page("a notice").subarray(0, 20), "NotAnImage"],
    ["a PNG cut off in its middle", page("a letter").subarray(0, 9_000), "NotAnImage"],
    ["a JPEG cut off in its middle", page("a notice").subarray(0, 2_000), "NotAnImage"],
    ["a small file of 1,600 million pixels", hugePng, "ImageTooLarge"],
  ])("fails for good on %s", async (_name, image, code) => {
    await expect(read(image)).rejects.toMatchObject({ name: "PermanentError", code });
  });

  it("reads the next page after one that could not be decoded", async () => {
    await expect(read(page("a letter").subarray(0, 9_000))).rejects.toThrow("cannot be decoded");
    expect((await read(page("a notice"))).result).toMatchObject({ lines: 5 });
  });

  it.each([{}, { image: "" }, { image: "not base64!" }, { image: "AAAA", language: "xyz" }, { image: "AAAA", more: 1 }])(
    "refuses the input %j",
    (input) => {
      expect(inference.jobType.input.safeParse(input).success).toBe(false);
    },
  );

  it("reads English unless told otherwise", () => {
    expect(inference.jobType.input.parse({ image: "AAAA" })).toEqual({ image: "AAAA", language: "eng" });
  });
});

describe("an abort", () => {
  it("stops a page that is being read, with the signal's reason, and the next job reads again", async () => {
    const controller = new AbortController();
    const fractions: number[] = [];
    const cancelled = defineJob(inferenceJob, (input, job) =>
      inference.handler(input, {
        ...job,
        progress: async (fraction) => {
          fractions.push(fraction);
          if (fraction > 0) controller.abort(new Error("the job was cancelled"));
          controller.signal.throwIfAborted();
        },
      }),
    );
    await expect(testJob(cancelled, pages.get("a letter"), { signal: controller.signal })).rejects.toThrow(
      "the job was cancelled",
    );
    expect(fractions.at(-1)).toBeLessThan(0.5);

    const starts = vi.spyOn(tesseract, "createWorker");
    expect((await read(page("a notice"))).result).toMatchObject({ lines: 5 });
    expect(starts).toHaveBeenCalledOnce();
  });

  it("stops a job whose engine is still starting, and keeps that engine", async () => {
    await expect(read(page("a letter").subarray(0, 9_000))).rejects.toThrow("cannot be decoded");
    const starts = vi.spyOn(tesseract, "createWorker");
    const controller = new AbortController();
    const reading = read(page("a notice"), controller.signal);
    await vi.waitUntil(() => starts.mock.calls.length === 1, { interval: 1 });
    controller.abort(new Error("timeout"));
    await expect(reading).rejects.toThrow("timeout");
    expect((await read(page("a notice"))).result).toMatchObject({ lines: 5 });
    expect(starts).toHaveBeenCalledOnce();
  });

  it("ends a job that has not begun", async () => {
    await expect(read(page("a notice"), AbortSignal.abort(new Error("interrupted")))).rejects.toThrow("interrupted");
  });
});
