import { buffer } from "node:stream/consumers";
import { PermanentError } from "@autoscaling-job-queues/domain/errors";
import { defineJob } from "@autoscaling-job-queues/worker/define-job";
import { inferenceJob } from "./job-type.ts";
import { recognise } from "./ocr-engine.ts";
import { isBlank, readPage } from "./page-image.ts";
import { pageParts } from "./page-parts.ts";

export default defineJob(inferenceJob, async ({ image, language }, job) => {
  await job.progress(0, "starting");
  if ((image === undefined) === (job.files.page === undefined)) {
    throw new PermanentError("give the page once: in the input as `image`, or as the file `page`", { code: "NotOneImage" });
  }
  const page = await readPage(image === undefined ? await buffer(await job.openFile("page")) : Buffer.from(image, "base64"));
  const parts = pageParts(page);
  let text = "";
  let confidence = 0;
  for (const [index, part] of parts.entries()) {
    const read = await recognise(part, language, {
      signal: job.signal,
      // Reports are made between the engine's messages, where nothing could catch what they throw after an abort.
      onProgress: (fraction) => void job.progress((index + fraction) / parts.length, "reading").catch(() => {}),
    });
    confidence += read.confidence * count(read.text, /\S+/g);
    text = `${text}\n${read.text.trim()}`.trim();
  }
  const words = count(text, /\S+/g);
  return {
    text,
    confidence: words === 0 ? 0 : confidence / words,
    words,
    lines: count(text, /\S.*/g),
    // An empty text says either that nothing stands on the page, or that nothing on it could be read.
    blank: isBlank(page),
  };
});

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
