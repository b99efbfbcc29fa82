import { defineJob } from "@autoscaling-job-queues/worker/define-job";
import { inferenceJob } from "./job-type.ts";
import { recognise } from "./ocr-engine.ts";
import { pageImage } from "./page-image.ts";

export default defineJob(inferenceJob, async ({ image, language }, job) => {
  const page = pageImage(image);
  await job.progress(0, "starting");
  const recognition = await recognise(page, language, {
    signal: job.signal,
    // Reports are made between the engine's messages, where nothing could catch what they throw after an abort.
    onProgress: (fraction) => void job.progress(Math.min(fraction, 1), "reading").catch(() => {}),
  });
  const text = recognition.text.trim();
  return {
    text,
    confidence: recognition.confidence,
    words: count(text, /\S+/g),
    lines: count(text, /\S.*/g),
  };
});

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
