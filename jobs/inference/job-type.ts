import { defineJobType } from "@autoscaling-job-queues/domain/job-type";
import * as z from "zod";

export const inferenceJob = defineJobType({
  name: "inference",
  description: "Reads the text of a page image (PNG, JPEG or WebP) with an OCR model",
  input: z.strictObject({
    image: z.base64().min(1).optional().describe("The page, where it is not uploaded as the file `page`"),
    language: z.enum(["eng"]).default("eng"),
  }),
  files: {
    page: {
      description: "The page, where it is not in the input as `image`",
      maxBytes: 50_000_000,
      required: false,
      contentTypes: ["image/png", "image/jpeg", "image/webp"],
    },
  },
  timeoutSeconds: 300,
  concurrency: 1,
  isolation: "thread",
  container: { cpu: 1024, memoryMiB: 2048 },
});

export default inferenceJob;
