import { defineJob } from "@autoscaling-job-queues/worker/define-job";
import { preciseNow } from "./call-times.ts";
import { echoJobType } from "./echo-job.ts";

/** An echo job whose result is when its handler ended. */
export default defineJob(echoJobType, () => ({ endedAt: preciseNow() }));
