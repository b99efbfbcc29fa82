import { createServer } from "node:net";
import type { JobInput } from "../../../domain/job-type.ts";
import canary from "../../../jobs/canary/job.ts";
import { defineJob, type JobContext } from "../../../worker/define-job.ts";
import type { CheckpointName } from "../history/fact.ts";
import { chaosJobTypes } from "./chaos-job-type.ts";

type ChaosInput = JobInput<ReturnType<typeof chaosJobTypes>["thread"]>;

/** Log lines by which a run knows when a handler began, where it resumed, what it stored, and when it ended. */
export const HANDLER_LINES = {
  started: "handler started",
  ended: "handler ended",
  checkpointBegun: "checkpoint begun",
  checkpointStored: "checkpoint stored",
} as const;

async function handle(input: ChaosInput, job: JobContext): Promise<unknown> {
  const resumed = job.resumeFrom as CheckpointName | undefined;
  job.logger.info(HANDLER_LINES.started, resumed && { attempt: resumed.attempt, number: resumed.number });
  try {
    return input.op === "leak" ? leak(input.handles) : await canary.handler(input, { ...job, checkpoint: named(job) });
  } finally {
    job.logger.info(HANDLER_LINES.ended);
  }
}

/** Stores the canary's checkpoints with their name, and tells of each. */
function named({ attempt, checkpoint, logger }: JobContext): JobContext["checkpoint"] {
  const store = async (value: object, number: number): Promise<void> => {
    logger.info(HANDLER_LINES.checkpointBegun, { number });
    await checkpoint({ ...value, attempt, number });
    logger.info(HANDLER_LINES.checkpointStored, { number });
  };
  return (value) => {
    const stored = store(value as object, (value as { readonly step: number }).step);
    // The canary waits for none but the one at which it fails.
    stored.catch(() => {});
    return stored;
  };
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
