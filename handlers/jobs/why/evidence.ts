import type { Pause } from "@autoscaling-job-queues/domain/controls";
import type { StoredJob } from "@autoscaling-job-queues/domain/job";
import type { RegistryEntry } from "@autoscaling-job-queues/domain/job-type-registry";
import type { LastWords } from "@autoscaling-job-queues/domain/last-words";
import type { QueueDepth } from "@autoscaling-job-queues/domain/queue-depth";

/** A service of ECS, as far as it tells why jobs wait. */
export interface ServiceState {
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  /** What ECS said of it, newest first. */
  readonly events: readonly { readonly at: number; readonly message: string }[];
}

/** A task of a service, running or stopped; ECS forgets stopped ones after about an hour. Times in epoch milliseconds. */
export interface TaskState {
  readonly id: string;
  readonly startedAt?: number;
  readonly stoppedAt?: number;
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  readonly exitCode?: number;
  /** What the container says itself, such as that its image cannot be pulled. */
  readonly containerReason?: string;
}

/** Tasks of a service that are read, of each status, at most: a page (ECS API reference: ListTasks, DescribeTasks). */
export const MAX_TASKS_READ = 100;

/** What workers of a type do and last did, as its jobs tell. Times in epoch milliseconds. */
export interface RecentWork {
  /** When one last took a job up. */
  readonly claimedAt?: number;
  /** When an attempt last came to an end that ended its job. */
  readonly endedAt?: number;
  /** Jobs that are RUNNING. Messages in flight are more: those of jobs that wait for a retry are hidden, too. */
  readonly running: number;
}

/** What there is to know of a job type; null where there is none. */
export interface Known {
  readonly type: RegistryEntry | null;
  readonly pause: Pause | null;
  readonly queue: QueueDepth;
  /** Messages of its dead-letter queue. */
  readonly deadLetters: number;
  readonly service: ServiceState | null;
  readonly runningTasks: readonly TaskState[];
  readonly stoppedTasks: readonly TaskState[];
  readonly words: LastWords | null;
  readonly recent: RecentWork;
}

/** What could be read of it: a member that is undefined was not read, and tells nothing. */
export type TypeEvidence = { readonly [Source in keyof Known]: Known[Source] | undefined };

/** The sources that could not be read, by their names in `unread`. */
export type Unread = readonly string[];

/** Everything that a cause is found from. */
export interface Evidence extends TypeEvidence {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly job: StoredJob;
  readonly unread: Unread;
}
