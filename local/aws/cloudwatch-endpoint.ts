import type { IncomingMessage } from "node:http";
import { json } from "node:stream/consumers";
import { type ListeningServer, listen } from "./listening.ts";
import type { MetricStore } from "./metric-store.ts";
import { targetOperation } from "./request-counter.ts";

export interface CloudWatchSettings {
  readonly metrics: MetricStore;
  /** Takes up what has been measured since the last request. */
  readonly look: () => Promise<void>;
  /** @default Date.now */
  readonly now?: () => number;
}

/** A call's answer in AWS JSON 1.0. */
interface Answer {
  readonly status: number;
  readonly body: object;
}

interface MetricDataQuery {
  readonly Id: string;
  readonly MetricStat: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
    };
    readonly Period: number;
    readonly Stat: string;
  };
}

interface GetMetricData {
  readonly MetricDataQueries: readonly MetricDataQuery[];
  /** Epoch seconds. */
  readonly StartTime: number;
  readonly EndTime: number;
  readonly ScanBy?: "TimestampAscending" | "TimestampDescending";
}

/** What silences alarms, and lets them page again. */
const ALARM_ACTIONS: ReadonlySet<string | undefined> = new Set(["DisableAlarmActions", "EnableAlarmActions"]);

/**
 * CloudWatch as this system's Lambdas see it, in AWS JSON 1.0: `GetMetricData` of metrics, without math, and what switches the actions of
 * alarms, of which there are none here.
 */
export async function startCloudWatch(settings: CloudWatchSettings): Promise<ListeningServer> {
  return await listen((request, response) => {
    answer(settings, request)
      .catch((error: Error) => failure("ValidationException", error.message))
      .then(({ status, body }) => {
        response.writeHead(status, { "content-type": "application/x-amz-json-1.0" });
        response.end(JSON.stringify(body));
      })
      .catch(() => response.destroy());
  });
}

async function answer({ metrics, look, now = Date.now }: CloudWatchSettings, request: IncomingMessage): Promise<Answer> {
  const operation = targetOperation(request.headers);
  if (ALARM_ACTIONS.has(operation)) return { status: 200, body: {} };
  if (operation !== "GetMetricData") return failure("UnknownOperationException", `this endpoint has no ${operation}`);
  const { MetricDataQueries, StartTime, EndTime, ScanBy = "TimestampDescending" } = (await json(request)) as GetMetricData;
  if (!(StartTime < EndTime)) return failure("ValidationException", "StartTime is not before EndTime");
  await look();
  const results = MetricDataQueries.map(({ Id, MetricStat: { Metric, Period, Stat } }) => {
    const dimensions = Object.fromEntries((Metric.Dimensions ?? []).map(({ Name, Value }) => [Name, Value]));
    const metric = { namespace: Metric.Namespace, name: Metric.MetricName, dimensions };
    const window = { start: StartTime * 1_000, end: EndTime * 1_000, periodMs: Period * 1_000 };
    const points = [...metrics.points(metric, Stat, window, now())].sort(([one], [other]) => one - other);
    if (ScanBy === "TimestampDescending") points.reverse();
    return {
      Id,
      Label: Metric.MetricName,
      Timestamps: points.map(([at]) => at / 1_000),
      Values: points.map(([, value]) => value),
      StatusCode: "Complete",
    };
  });
  return { status: 200, body: { MetricDataResults: results, Messages: [] } };
}

function failure(type: string, message: string): Answer {
  return { status: 400, body: { __type: type, message } };
}
