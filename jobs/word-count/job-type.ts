import { defineJobType } from "@autoscaling-job-queues/domain/job-type";
import * as z from "zod";

export const wordCountJob = defineJobType({
  name: "word-count",
  description: "Counts the lines, characters and words of a text, and lists its most frequent words",
  input: z.strictObject({
    text: z.string().min(1).max(1_000_000).describe("The text to count"),
    top: z.int().min(1).max(100).default(10).describe("How many of the most frequent words the result lists"),
  }),
  timeoutSeconds: 60,
  concurrency: 2,
  isolation: "process",
  command: ["sh", "job.sh"],
});

export default wordCountJob;
