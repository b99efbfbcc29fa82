/** The metrics of workers by `service` and `jobType`: workers write them, alarms and the dashboard name them. */
export const WORKER_METRICS = {
  service: "worker",
  /** Jobs by how a worker ended them. */
  jobsSucceeded: "JobsSucceeded",
  jobsFailed: "JobsFailed",
  jobsCancelled: "JobsCancelled",
  /** Attempts that did not end their job. */
  attemptsRetried: "AttemptsRetried",
  attemptsHandedBack: "AttemptsHandedBack",
  leasesLost: "LeasesLost",
  /** Jobs in hand, told once a minute where there are any. */
  jobsRunning: "JobsRunning",
  /** Milliseconds of an attempt. */
  runTime: "RunTime",
  /** Milliseconds from when a job could run, its delay over, to its first attempt. */
  queueWait: "QueueWait",
} as const;
