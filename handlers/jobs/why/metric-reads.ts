import { callSettings } from "@autoscaling-job-queues/domain/clients";
import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import type { MetricQuery, MetricReads } from "./series.ts";

const REQUEST_TIMEOUT_MS = 2_500;
/** An answer has all values of a window, or says where it goes on: 100,800 fit into one (CloudWatch API reference: GetMetricData). */
const MAX_PAGES = 3;

/** CloudWatch, as the series of a type read it. */
export function metricReads(): MetricReads {
  const client = new CloudWatchClient({ ...callSettings({ requestTimeoutMs: REQUEST_TIMEOUT_MS }), maxAttempts: 2 });
  return async (queries, { periodSeconds, start, end }, abortSignal) => {
    const MetricDataQueries = Object.entries(queries).map(([id, query]) => metricDataQuery(id, query, periodSeconds));
    const values = new Map<string, Map<number, number>>();
    let NextToken: string | undefined;
    for (let page = 0; page === 0 || (NextToken !== undefined && page < MAX_PAGES); page += 1) {
      const command = new GetMetricDataCommand({
        MetricDataQueries,
        StartTime: new Date(start),
        EndTime: new Date(end),
        NextToken,
      });
      const answer = await client.send(command, { abortSignal });
      for (const { Id = "", Timestamps = [], Values = [] } of answer.MetricDataResults ?? []) {
        const known = values.get(Id) ?? new Map<number, number>();
        for (const [index, time] of Timestamps.entries()) known.set(time.getTime(), Values[index] ?? 0);
        values.set(Id, known);
      }
      NextToken = answer.NextToken;
    }
    return values;
  };
}

function metricDataQuery(Id: string, { namespace, name, dimensions, statistic }: MetricQuery, Period: number): MetricDataQuery {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  return { Id, MetricStat: { Metric: { Namespace: namespace, MetricName: name, Dimensions }, Period, Stat: statistic } };
}
