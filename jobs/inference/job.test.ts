import { existsSync } from "node:fs";
import { defineJob } from "@autoscaling-job-queues/worker/define-job";
import { testJob } from "@autoscaling-job-queues/worker/testing";
import sharp, { type Sharp } from "sharp";
import tesseract from "tesseract.js";
import { afterEach, describe, expect, it, vi } from "vitest";
import { imageCase } from "./__tests__/images.ts";
import inference from "./job.ts";
import { inferenceJob } from "./job-type.ts";
import { samples } from "./samples.ts";

interface Result {
  readonly text: string;
  readonly confidence: number;
  readonly words: number;
  readonly lines: number;
  readonly blank: boolean;
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

describe("a page that programs got wrong", () => {
  it("is read as it stood before the camera", async () => {
    expect((await read(imageCase("exif6-le.jpg"))).result).toMatchObject({
      text: "Invoice number 20417\nTotal amount 1,250.00 EUR\nPayment due on 14 March 2026",
      lines: 3,
      blank: false,
    });
  });

  it("is read to its end, however long it is", async () => {
    const { result, progress } = await read(imageCase("long-screenshot.png"));
    expect(result).toMatchObject({ text: "Order history of March\nEnd of the order list", words: 9, lines: 2, blank: false });
    const fractions = progress.map(({ fraction }) => fraction);
    expect(fractions).toEqual(fractions.toSorted((left, right) => left - right));
    expect(fractions.at(-1)).toBe(1);
  });

  it("tells an empty page from one on which nothing could be read", async () => {
    const grey = (pixel: (index: number) => number): Sharp =>
      sharp(
        Buffer.from({ length: 90_000 }).map((_, index) => pixel(index)),
        { raw: { width: 300, height: 300, channels: 1 } },
      );
    const empty = await read(
      await grey(() => 250)
        .png()
        .toBuffer(),
    );
    expect(empty.result).toEqual({ text: "", confidence: 0, words: 0, lines: 0, blank: true });
    const stripes = await read(
      await grey((index) => (index % 300 < 150 ? 0 : 255))
        .png()
        .toBuffer(),
    );
    expect(stripes.result).toMatchObject({ text: "", confidence: 0, blank: false });
  });
});

describe("refusing an image", () => {
  it("leaves the engine as it is for the next page", async () => {
    await read(page("a notice"));
    const starts = vi.spyOn(tesseract, "createWorker");
    await expect(read(page("a letter").subarray(0, 9_000))).rejects.toThrow("is damaged");
    expect((await read(page("a notice"))).result).toMatchObject({ lines: 5 });
    expect(starts).not.toHaveBeenCalled();
  });

  it("takes a page in the input, or as a file, and not both or none", async () => {
    const content = page("a notice");
    const file = { files: { page: { content, contentType: "image/jpeg" } } };
    expect((await testJob(inference, {}, file)).result).toEqual((await read(content)).result);
    const refusal = { name: "PermanentError", code: "NotOneImage" };
    await expect(testJob(inference, {})).rejects.toMatchObject(refusal);
    await expect(testJob(inference, { image: content.toString("base64") }, file)).rejects.toMatchObject(refusal);
  });

  it.each([{ image: "" }, { image: "not base64!" }, { image: "AAAA", language: "xyz" }, { image: "AAAA", more: 1 }])(
    "refuses the input %j",
    (input) => {
      expect(inference.jobType.input.safeParse(input).success).toBe(false);
    },
  );

  it("reads English unless told otherwise", () => {
    expect(inference.jobType.input.parse({ image: "AAAA" })).toEqual({ image: "AAAA", language: "eng" });
  });
});

/** Aborts a job while its page is being read; its engine ends with it. */
async function cancelWhileReading(): Promise<number[]> {
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
  await expect(testJob(cancelled, pages.get("a letter"), { signal: controller.signal })).rejects.toThrow("the job was cancelled");
  return fractions;
}

describe("an abort", () => {
  it("stops a page that is being read, with the signal's reason, and the next job reads again", async () => {
    expect((await cancelWhileReading()).at(-1)).toBeLessThan(0.5);
    const starts = vi.spyOn(tesseract, "createWorker");
    expect((await read(page("a notice"))).result).toMatchObject({ lines: 5 });
    expect(starts).toHaveBeenCalledOnce();
  });

  it("stops a job whose engine is still starting, and keeps that engine", async () => {
    await cancelWhileReading();
    const starts = vi.spyOn(tesseract, "createWorker");
    const controller = new AbortController();
    const reading = read(page("a notice"), controller.signal);
    await vi.waitUntil(() => starts.mock.calls.length === 1, { interval: 1, timeout: 45_000 });
    controller.abort(new Error("timeout"));
    await expect(reading).rejects.toThrow("timeout");
    expect((await read(page("a notice"))).result).toMatchObject({ lines: 5 });
    expect(starts).toHaveBeenCalledOnce();
  });

  it("ends a job that has not begun", async () => {
    await expect(read(page("a notice"), AbortSignal.abort(new Error("interrupted")))).rejects.toThrow("interrupted");
  });
});
