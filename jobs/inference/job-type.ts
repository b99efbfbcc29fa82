import { defineJobType } from "@autoscaling-job-queues/domain/job-type";
import * as z from "zod";

export const inferenceJob = defineJobType({
  name: "inference",
  description: "Reads the text of a page image (PNG, JPEG or WebP) with an OCR model",
  input: z.strictObject({
    image: z.base64().min(1),
    language: z.enum(["eng"]).default("eng"),
  }),
  timeoutSeconds: 300,
  concurrency: 1,
  isolation: "thread",
  container: { cpu: 1024, memoryMiB: 2048 },
});

export default inferenceJob;
