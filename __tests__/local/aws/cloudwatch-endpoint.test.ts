import {
  CloudWatchClient,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  GetMetricDataCommand,
  ListMetricsCommand,
} from "@aws-sdk/client-cloudwatch";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { metricReads } from "../../../handlers/jobs/why/metric-reads.ts";
import { seriesOf, seriesQueries, seriesWindow } from "../../../handlers/jobs/why/series.ts";
import { startCloudWatch } from "../../../local/aws/cloudwatch-endpoint.ts";
import type { ListeningServer } from "../../../local/aws/listening.ts";
import { MetricStore } from "../../../local/aws/metric-store.ts";

const NOW = Date.parse("2026-11-30T03:00:30.000Z");
const PLACE = { jobType: "report", queueName: "local-report-jobs", cluster: "local", service: "report", namespace: "Jobs" };

let metrics: MetricStore;
let server: ListeningServer;
let client: CloudWatchClient;
const look = vi.fn(async () => undefined);

beforeEach(async () => {
  metrics = new MetricStore(1);
  server = await startCloudWatch({ metrics, look, now: () => NOW });
  vi.stubEnv("AWS_ENDPOINT_URL_CLOUDWATCH", server.address);
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
  client = new CloudWatchClient({ maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  await server.stop();
  vi.unstubAllEnvs();
});

describe("CloudWatch on one machine", () => {
  it("answers what the series of a type ask", async () => {
    const queries = seriesQueries(PLACE);
    metrics.put(queries.waiting, [12], NOW - 60_000);
    metrics.put(queries.tasks, [2], NOW - 60_000);
    metrics.put(queries.succeeded, [1, 1, 1], NOW - 60_000);
    metrics.put(queries.runSeconds, [100, 300, 200], NOW - 60_000);
    const window = seriesWindow(1, NOW);
    const { points } = seriesOf(window, await metricReads()(queries, window, AbortSignal.timeout(5_000)));
    expect(look).toHaveBeenCalled();
    expect(points).toHaveLength(60);
    expect(points.at(-2)).toEqual({
      at: "2026-11-30T02:59:00.000Z",
      ...{ waiting: 12, running: 0, tasks: 2, succeeded: 3, failed: 0, runSeconds: 0.2 },
    });
  });

  it("takes that alarms are to page nobody, and to page again", async () => {
    const named = { AlarmNames: ["local-report-no-worker"] };
    expect(await client.send(new DisableAlarmActionsCommand(named))).toMatchObject({ $metadata: { httpStatusCode: 200 } });
    expect(await client.send(new EnableAlarmActionsCommand(named))).toMatchObject({ $metadata: { httpStatusCode: 200 } });
  });

  it("has the newest first where nothing else is asked for, and nothing of a metric that there is not", async () => {
    const { waiting } = seriesQueries(PLACE);
    metrics.put(waiting, [1], NOW - 120_000);
    metrics.put(waiting, [2], NOW - 60_000);
    const stat = (Id: string, MetricName: string) => ({
      Id,
      MetricStat: {
        Metric: { Namespace: "AWS/SQS", MetricName, Dimensions: [{ Name: "QueueName", Value: "local-report-jobs" }] },
        Period: 60,
        Stat: "Maximum",
      },
    });
    const { MetricDataResults: results } = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: [stat("known", waiting.name), stat("unknown", "Other")],
        StartTime: new Date(NOW - 600_000),
        EndTime: new Date(NOW),
      }),
    );
    expect(results).toMatchObject([
      { Id: "known", Values: [2, 1], Timestamps: [new Date(NOW - 90_000), new Date(NOW - 150_000)], StatusCode: "Complete" },
      { Id: "unknown", Values: [], Timestamps: [] },
    ]);
  });

  it("refuses what it does not know", async () => {
    await expect(client.send(new ListMetricsCommand({}))).rejects.toMatchObject({ name: "UnknownOperationException" });
    const query = {
      Id: "a",
      MetricStat: { Metric: { Namespace: "AWS/SQS", MetricName: "Other" }, Period: 60, Stat: "Median" },
    };
    const [StartTime, EndTime] = [new Date(NOW - 60_000), new Date(NOW)];
    await expect(client.send(new GetMetricDataCommand({ MetricDataQueries: [query], StartTime, EndTime }))).rejects.toMatchObject(
      {
        name: "ValidationException",
      },
    );
    await expect(
      client.send(new GetMetricDataCommand({ MetricDataQueries: [], StartTime: EndTime, EndTime: StartTime })),
    ).rejects.toMatchObject({ name: "ValidationException" });
  });
});
