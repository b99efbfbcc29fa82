import { DEAD_LETTER_QUEUE_SETTINGS } from "../../../domain/queue-settings.ts";
import { CHAOS } from "./chaos-job-type.ts";
import type { KillRunSettings } from "./kill-run.ts";
import { KINDS } from "./workload.ts";

/** The whole run. */
export const FULL_RUN: Omit<KillRunSettings, "seed"> = {
  jobs: 2_000,
  workload: { kinds: KINDS.all, crashes: 6, allocations: 1, spins: 1 },
  straysPerType: 5,
  actions: { kill: 204, freeze: 24, terminate: 24, killLambdas: 10, restartEmulators: 3 },
  disturbances: { stall: 0.001, reset: 0.004, delay: 0.02, maxDelayMs: 300 },
  workers: { [CHAOS.thread]: 5, [CHAOS.inline]: 3 },
  // A job that takes more memory than this ends the whole worker.
  variables: { [CHAOS.inline]: { NODE_OPTIONS: "--max-old-space-size=96" } },
  spreadMs: 210_000,
  settleMs: 1_000 * DEAD_LETTER_QUEUE_SETTINGS.visibilityTimeoutSeconds + 60_000,
};

/** A sample of it. */
export const SMALL_RUN: Omit<KillRunSettings, "seed"> = {
  jobs: 30,
  workload: { kinds: KINDS.inline, crashes: 0, allocations: 0, spins: 0 },
  straysPerType: 0,
  actions: { kill: 3, freeze: 0, terminate: 0, killLambdas: 0, restartEmulators: 0 },
  disturbances: { stall: 0, reset: 0.01, delay: 0.02, maxDelayMs: 50 },
  workers: { [CHAOS.inline]: 3 },
  spreadMs: 500,
  settleMs: 40_000,
};
