import type { JobType } from "./job-type.ts";
import { QUEUE_RETENTION_DAYS } from "./limits.ts";

const RETENTION_SECONDS = QUEUE_RETENTION_DAYS * 86_400;

export interface QueueSettings {
  readonly visibilityTimeoutSeconds: number;
  readonly retentionSeconds: number;
}

/** How a job type's queue is set up. A message is hidden as long as a lease lasts, and by its renewals. */
export function jobQueueSettings({ leaseSeconds }: Pick<JobType, "leaseSeconds">): QueueSettings & {
  /** Receives before a message is dead-lettered: a backstop, as attempts are counted in the job. */
  readonly maxReceiveCount: number;
} {
  return { visibilityTimeoutSeconds: leaseSeconds, retentionSeconds: RETENTION_SECONDS, maxReceiveCount: 100 };
}

/** How each type's dead-letter queue is set up. Lambda asks for six times the timeout of a function that polls a queue (29 s). */
export const DEAD_LETTER_QUEUE_SETTINGS: QueueSettings = { visibilityTimeoutSeconds: 180, retentionSeconds: RETENTION_SECONDS };
