import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";
import { METRICS_NAMESPACE } from "../../domain/environment.ts";
import { WorkerMetrics } from "../../worker/metrics.ts";

let printed: MockInstance<typeof console.log>;

beforeEach(() => {
  // Powertools prints to the global console in its development mode.
  vi.stubEnv("POWERTOOLS_DEV", "true");
  vi.stubEnv("POWERTOOLS_METRICS_DISABLED", "false");
  printed = vi.spyOn(console, "log").mockImplementation(() => {});
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** The metrics of the lines that were printed. */
function lines(): Record<string, unknown>[] {
  return printed.mock.calls.map(([line]) => JSON.parse(line as string) as Record<string, unknown>);
}

describe("the metrics of a worker", () => {
  it("count jobs by outcome, with run times and the wait for the first attempt, by job type", () => {
    const metrics = new WorkerMetrics("canary");
    metrics.attemptEnded("retry", 10, 500);
    metrics.attemptEnded("succeed", 20, undefined);
    metrics.attemptEnded("stop", 30, -5);
    metrics.attemptEnded("fail", 40, 7);
    metrics.attemptEnded("release", 50, undefined);
    metrics.leaseLost();
    metrics.flush();
    expect(lines()).toEqual([
      expect.objectContaining({
        jobType: "canary",
        service: "worker",
        JobsSucceeded: 1,
        JobsCancelled: 1,
        JobsFailed: 1,
        AttemptsRetried: 1,
        AttemptsHandedBack: 1,
        LeasesLost: 1,
        RunTime: [10, 20, 30, 40, 50],
        QueueWait: [500, 0, 7],
        _aws: expect.objectContaining({
          CloudWatchMetrics: [expect.objectContaining({ Namespace: METRICS_NAMESPACE, Dimensions: [["service", "jobType"]] })],
        }),
      }),
    ]);
  });

  it("count jobs that no attempt ended, without a run time", () => {
    const metrics = new WorkerMetrics("canary");
    metrics.jobClosed("fail");
    metrics.jobClosed("stop");
    metrics.flush();
    expect(lines()).toEqual([expect.objectContaining({ JobsFailed: 1, JobsCancelled: 1 })]);
    expect(lines()[0]).not.toHaveProperty("RunTime");
  });

  it("tell how many jobs are in hand, where there are any", () => {
    const metrics = new WorkerMetrics("canary");
    metrics.jobsRunning(0);
    metrics.flush();
    expect(lines()).toEqual([]);
    metrics.jobsRunning(3);
    metrics.flush();
    expect(lines()).toEqual([expect.objectContaining({ jobType: "canary", service: "worker", JobsRunning: 3 })]);
  });

  it("count in the namespace of the environment, where it has one", () => {
    vi.stubEnv("POWERTOOLS_METRICS_NAMESPACE", "AutoscalingJobQueues/jobs-prod");
    const metrics = new WorkerMetrics("canary");
    metrics.leaseLost();
    metrics.flush();
    expect(lines()).toMatchObject([{ _aws: { CloudWatchMetrics: [{ Namespace: "AutoscalingJobQueues/jobs-prod" }] } }]);
  });

  it("are printed once, and not at all where nothing happened", () => {
    const metrics = new WorkerMetrics("canary");
    metrics.flush();
    metrics.leaseLost();
    metrics.flush();
    metrics.flush();
    expect(lines()).toHaveLength(1);
  });
});
