import { metricsNamespace } from "@autoscaling-job-queues/domain/environment";
import { WORKER_METRICS } from "@autoscaling-job-queues/domain/worker-metrics";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { AttemptEnd } from "./attempt-end.ts";

const OUTCOME_METRICS: Readonly<Record<AttemptEnd["name"], string>> = {
  succeed: WORKER_METRICS.jobsSucceeded,
  stop: WORKER_METRICS.jobsCancelled,
  fail: WORKER_METRICS.jobsFailed,
  retry: WORKER_METRICS.attemptsRetried,
  release: WORKER_METRICS.attemptsHandedBack,
};

/** The worker's metrics, in CloudWatch's embedded metric format: log lines that need no calls. */
export class WorkerMetrics {
  readonly #metrics: Metrics;

  constructor(jobType: string) {
    this.#metrics = new Metrics({
      namespace: metricsNamespace(),
      serviceName: WORKER_METRICS.service,
      defaultDimensions: { jobType },
    });
  }

  /** @param waitMs from when the job could run, its delay over, to its first attempt; undefined for later attempts. */
  attemptEnded(name: AttemptEnd["name"], runMs: number, waitMs: number | undefined): void {
    this.#count(OUTCOME_METRICS[name]);
    this.#metrics.addMetric(WORKER_METRICS.runTime, MetricUnit.Milliseconds, runMs);
    if (waitMs !== undefined) this.#metrics.addMetric(WORKER_METRICS.queueWait, MetricUnit.Milliseconds, Math.max(0, waitMs));
  }

  /** A job that this worker ended without running it: its worker died, or it was too old. */
  jobClosed(name: "fail" | "stop"): void {
    this.#count(OUTCOME_METRICS[name]);
  }

  leaseLost(): void {
    this.#count(WORKER_METRICS.leasesLost);
  }

  /**
   * Tells that the worker is at work, where it is: the message of a job of more than 12 h is visible again (SQS: visibility
   * timeout), and where all workers are busy none receives it, so that the queue's own metrics cannot tell this from tasks
   * that do not start.
   */
  jobsRunning(count: number): void {
    if (count > 0) this.#count(WORKER_METRICS.jobsRunning, count);
  }

  flush(): void {
    if (this.#metrics.hasStoredMetrics()) this.#metrics.publishStoredMetrics();
  }

  #count(name: string, count = 1): void {
    this.#metrics.addMetric(name, MetricUnit.Count, count);
  }
}
