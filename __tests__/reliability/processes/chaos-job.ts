import { createServer } from "node:net";
import type { JobInput } from "../../../domain/job-type.ts";
import canary from "../../../jobs/canary/job.ts";
import { defineJob, type JobContext } from "../../../worker/define-job.ts";
import { chaosJobTypes } from "./chaos-job-type.ts";

type ChaosInput = JobInput<ReturnType<typeof chaosJobTypes>["thread"]>;

/** Log lines by which a run knows when a handler began and ended. */
export const HANDLER_LINES = { started: "handler started", ended: "handler ended" } as const;

async function handle(input: ChaosInput, job: JobContext): Promise<unknown> {
  job.logger.info(HANDLER_LINES.started);
  try {
    return input.op === "leak" ? leak(input.handles) : await canary.handler(input, job);
  } finally {
    job.logger.info(HANDLER_LINES.ended);
  }
}

/** Leaves timers and listening sockets behind, each of which keeps an event loop alive. */
function leak(handles: number): { readonly leaked: number } {
  for (let count = 0; count < handles; count += 1) {
    setInterval(() => {}, 60_000);
    createServer().listen(0, "127.0.0.1");
  }
  return { leaked: handles };
}

/** The jobs of the chaos types. */
export function chaosJobs(leaseSeconds: number) {
  const { thread, inline } = chaosJobTypes(leaseSeconds);
  return { thread: defineJob(thread, handle), inline: defineJob(inline, handle) };
}
