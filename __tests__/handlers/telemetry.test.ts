import type { Context } from "aws-lambda";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DEAD_LETTERS_CLOSED } from "../../domain/dead-letter-metric.ts";
import { METRICS_NAMESPACE } from "../../domain/environment.ts";
import { lambdaTelemetry } from "../../handlers/telemetry.ts";

let lines: string[];
beforeEach(() => {
  lines = [];
  vi.stubEnv("POWERTOOLS_DEV", "false");
  vi.stubEnv("POWERTOOLS_SERVICE_NAME", "add-job");
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const parsed = () => lines.map((line) => JSON.parse(line));

describe("the telemetry of a Lambda", () => {
  it("writes each count at once, with its own dimensions", () => {
    const { count } = lambdaTelemetry();
    count("JobsAdded", { jobType: "canary" });
    count("RequestsRejected", { code: "InvalidJson" });
    expect(parsed()).toEqual([
      expect.objectContaining({ service: "add-job", jobType: "canary", JobsAdded: 1 }),
      expect.objectContaining({ service: "add-job", code: "InvalidJson", RequestsRejected: 1 }),
    ]);
    expect(parsed()[0]).not.toHaveProperty("code");
    expect(parsed()[1]._aws.CloudWatchMetrics).toEqual([
      { Namespace: METRICS_NAMESPACE, Dimensions: [["service", "code"]], Metrics: [{ Name: "RequestsRejected", Unit: "Count" }] },
    ]);
  });

  it("writes the metric that an alarm of each job type watches", () => {
    vi.stubEnv("POWERTOOLS_SERVICE_NAME", DEAD_LETTERS_CLOSED.service);
    lambdaTelemetry().count(DEAD_LETTERS_CLOSED.name, { jobType: "etl" });
    expect(parsed()[0]).toMatchObject({
      service: "dead-letter",
      jobType: "etl",
      DeadLettersClosed: 1,
      _aws: { CloudWatchMetrics: [{ Namespace: METRICS_NAMESPACE, Dimensions: [["service", "jobType"]] }] },
    });
  });

  it("counts in the namespace of the environment, where it has one", () => {
    vi.stubEnv("POWERTOOLS_METRICS_NAMESPACE", "AutoscalingJobQueues/jobs-prod");
    lambdaTelemetry().count("JobsAdded", { jobType: "canary" });
    expect(parsed()[0]._aws.CloudWatchMetrics).toMatchObject([{ Namespace: "AutoscalingJobQueues/jobs-prod" }]);
  });

  it("logs one line of JSON that names the invocation", () => {
    const { logger } = lambdaTelemetry();
    logger.addContext({ awsRequestId: "request-1", functionName: "add-job" } as Context);
    logger.info("job added", { jobId: "1" });
    expect(parsed()).toEqual([
      expect.objectContaining({
        level: "INFO",
        message: "job added",
        service: "add-job",
        function_request_id: "request-1",
        jobId: "1",
      }),
    ]);
  });
});
