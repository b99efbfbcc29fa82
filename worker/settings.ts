import { STOP_TIMEOUT_SECONDS } from "@autoscaling-job-queues/domain/limits";

/** How a worker behaves, whatever its job type. */
export const WORKER_SETTINGS = {
  /** Milliseconds between two looks for cancel requests: with the answer's way, a cancel is heard within 3 s. */
  cancelPollMs: 2_000,
  /** For how long what was read of a type's pause holds, in milliseconds: at most one read in so many. */
  pauseReadMs: 5_000,
  /** At most one write of a job's progress, and one of a checkpoint, in so many milliseconds. */
  progressMs: 2_000,
  /**
   * How long an event, a delete or a hand-back waits for others to share its call, in milliseconds; it does not where every job in hand
   * waits so.
   */
  lingerMs: 20,
  /**
   * How long a free slot waits for others before the next receive, in milliseconds, while messages come singly: fuller receives, fewer
   * calls. Where the last receive was full, it does not wait.
   */
  refillMs: 20,
  /** While receives come full: messages are received as early as slots are about to fall free within so many milliseconds. */
  aheadMs: 200,
  /** What was received ahead and has not begun after so many milliseconds is handed back, for other workers to take. */
  aheadAtMostMs: 500,
  /** Seconds from SIGTERM to SIGKILL: the task definition's `stopTimeout`. */
  stopTimeoutSeconds: STOP_TIMEOUT_SECONDS,
  /** Of those, what is kept for handing jobs back after their grace. */
  handBackSeconds: 15,
  /** How long the end of an attempt is tried again while AWS does not answer, in milliseconds. */
  giveUpMs: 60_000,
  /** Milliseconds between two flushes of the metrics. */
  metricsMs: 10_000,
  /** Milliseconds between two counts of the jobs in hand, for metrics whose shortest period is a minute. */
  jobsRunningMs: 60_000,
} as const;

export type WorkerSettings = { readonly [Name in keyof typeof WORKER_SETTINGS]: number };
