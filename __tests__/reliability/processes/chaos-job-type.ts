import * as z from "zod";
import { defineJobType, type JobType } from "../../../domain/job-type.ts";
import { canaryJob } from "../../../jobs/canary/job-type.ts";

/** The least that a job type may set. */
export const SHORTEST_LEASE_SECONDS = 3;

/** Names of the chaos types. */
export const CHAOS = { thread: "chaos", inline: "chaos-inline" } as const;

const input = z.union([canaryJob.input, z.strictObject({ op: z.literal("leak"), handles: z.int().min(1).max(1_000) })]);

/**
 * The canary with a short lease, and with a handler that leaks handles: one type that runs each job in a thread of its own, and
 * one that runs its jobs in the worker's own. The default lease is 30 s; with it, a run with hundreds of kills would last hours.
 */
export function chaosJobTypes(leaseSeconds: number) {
  const settings = {
    description: "The canary with a short lease, and a handler that leaks handles",
    input,
    maxAttempts: 4,
    graceSeconds: 1,
    leaseSeconds,
    retry: { baseSeconds: 1, maxSeconds: 2 },
    container: { cpu: 256, memoryMiB: 512 },
  } as const;
  return {
    thread: defineJobType({ ...settings, name: CHAOS.thread, isolation: "thread", concurrency: 4, timeoutSeconds: 5 }),
    inline: defineJobType({ ...settings, name: CHAOS.inline, isolation: "inline", concurrency: 6, timeoutSeconds: 2 }),
  } as const satisfies Record<keyof typeof CHAOS, JobType>;
}
