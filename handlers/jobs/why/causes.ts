/** Why a job is where it is: every cause that `GET /jobs/{id}/why` names, and what each means. OpenAPI and operations.md list the same. */
export const CAUSES = {
  Ended: "the job has ended: `status`, and `errorCode` where it failed, say how",
  CancelRequested: "somebody asked for its end, and its worker is about to stop it",
  Running: "a worker runs it, and keeps its lease",
  WorkerLost: "its worker is gone or does not answer; once its lease has ended, another worker takes the job over",
  WaitsForDelay: "it was added for later, and is not due",
  WaitsForRetry: "an attempt failed, and the wait before the next one is not over",
  TypePaused: "its type is paused: jobs are accepted, and none is started",
  MessageDeadLettered: "its message came to the dead-letter queue",
  NoWorkerAskedFor: "no worker is wanted for it: its type has no service, the wake call failed, or its message is gone",
  TasksDoNotStart: "tasks are started and end at once, or cannot be started at all",
  WorkersCannotClaim: "workers run, and cannot take it up or begin its attempt",
  WorkersStarting: "a worker was asked for and starts, or is about to take it",
  AllWorkersBusy: "all workers have as many jobs as they take at a time",
  Unknown: "it waits, and what would tell why could not be read: see `unread`",
} as const satisfies Record<string, string>;

export type CauseCode = keyof typeof CAUSES;

/** A flat record: only what shows the cause. */
export type CauseFacts = Readonly<Record<string, string | number | boolean>>;

export interface Cause {
  readonly code: CauseCode;
  /** One sentence. */
  readonly summary: string;
  /** One or two sentences: what mends it. */
  readonly nextStep: string;
  readonly facts: CauseFacts;
}
