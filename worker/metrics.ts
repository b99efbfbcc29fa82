import { METRICS_NAMESPACE } from "@autoscaling-job-queues/domain/metrics-namespace";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { AttemptEnd } from "./attempt-end.ts";

const OUTCOME_METRICS: Readonly<Record<AttemptEnd["name"], string>> = {
  succeed: "JobsSucceeded",
  stop: "JobsCancelled",
  fail: "JobsFailed",
  retry: "AttemptsRetried",
  release: "AttemptsHandedBack",
};

/** The worker's metrics, in CloudWatch's embedded metric format: log lines that need no calls. */
export class WorkerMetrics {
  readonly #metrics: Metrics;

  constructor(jobType: string) {
    this.#metrics = new Metrics({
      namespace: METRICS_NAMESPACE,
      serviceName: "worker",
      defaultDimensions: { jobType },
    });
  }

  /** @param waitMs from the job's creation to its first attempt; undefined for later attempts. */
  attemptEnded(name: AttemptEnd["name"], runMs: number, waitMs: number | undefined): void {
    this.#metrics.addMetric(OUTCOME_METRICS[name], MetricUnit.Count, 1);
    this.#metrics.addMetric("RunTime", MetricUnit.Milliseconds, runMs);
    if (waitMs !== undefined) this.#metrics.addMetric("QueueWait", MetricUnit.Milliseconds, Math.max(0, waitMs));
  }

  /** A job that this worker ended without running it: its worker died, or it was too old. */
  jobClosed(name: "fail" | "stop"): void {
    this.#metrics.addMetric(OUTCOME_METRICS[name], MetricUnit.Count, 1);
  }

  leaseLost(): void {
    this.#metrics.addMetric("LeasesLost", MetricUnit.Count, 1);
  }

  flush(): void {
    if (this.#metrics.hasStoredMetrics()) this.#metrics.publishStoredMetrics();
  }
}
