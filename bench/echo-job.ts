import { defineJobType } from "@autoscaling-job-queues/domain/job-type";
import { defineJob } from "@autoscaling-job-queues/worker/define-job";
import * as z from "zod";

/** The job that the worker and the plain consumer are measured with. */
export const echoJobType = defineJobType({
  name: "echo",
  description: "Returns its value",
  input: z.object({ op: z.literal("echo"), value: z.unknown() }),
  timeoutSeconds: 30,
  concurrency: 10,
  isolation: "inline",
});

export default defineJob(echoJobType, ({ value }) => ({ value }));
