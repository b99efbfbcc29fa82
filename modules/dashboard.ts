import { LAMBDAS } from "@autoscaling-job-queues/domain/routes";
import { WORKER_METRICS } from "@autoscaling-job-queues/domain/worker-metrics";
import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard/index.js";
import type { Construct } from "constructs";
import type { Environment } from "../environments/environment.ts";
import { platformNames } from "./names.ts";

/** Seconds of a point. */
const PERIOD = 60;
const WIDTH = 12;
const HEIGHT = 6;

/** Attempts that were tried again, handed back, or lost to another worker. */
const NOT_ENDED = [WORKER_METRICS.attemptsRetried, WORKER_METRICS.attemptsHandedBack, WORKER_METRICS.leasesLost];
/** The median, and what only a few exceed. */
const SHARES = ["p50", "p95"];

interface Widget {
  readonly title: string;
  readonly metrics: readonly unknown[];
}

/** The dashboard of all job types. Searches find the queues and services by name, so a new type appears by itself. */
export function createDashboard(scope: Construct, id: string, environment: Environment, apiId: string): void {
  const { region } = environment;
  const names = platformNames(environment);
  const widgets = widgetsFor(environment, apiId).map(({ title, metrics }, index) => ({
    type: "metric",
    x: (index % 2) * WIDTH,
    y: Math.floor(index / 2) * HEIGHT,
    width: WIDTH,
    height: HEIGHT,
    properties: { title, metrics, region, period: PERIOD, view: "timeSeries", stat: "Sum" },
  }));
  new CloudwatchDashboard(scope, id, { dashboardName: names.dashboard, dashboardBody: JSON.stringify({ widgets }) });
}

function widgetsFor(environment: Environment, apiId: string): Widget[] {
  const { namePrefix } = environment;
  const names = platformNames(environment);
  const queues = (title: string, metric: string, stat: string): Widget => ({
    title,
    metrics: [[search(`{AWS/SQS,QueueName} MetricName="${metric}" QueueName=${namePrefix}`, stat)]],
  });
  const workers = (title: string, metricNames: readonly string[], stats: readonly string[]): Widget => ({
    title,
    metrics: metricNames.flatMap((metric) =>
      stats.map((stat) => [search(`{"${names.metrics}",jobType,service} MetricName="${metric}"`, stat, `${metric} ${stat}`)]),
    ),
  });
  const lambdas = (metric: string, stat: string) =>
    LAMBDAS.map((name) => ["AWS/Lambda", metric, "FunctionName", names.lambda(name), { stat }]);
  return [
    queues("Messages waiting", "ApproximateNumberOfMessagesVisible", "Maximum"),
    queues("Messages being worked on", "ApproximateNumberOfMessagesNotVisible", "Maximum"),
    queues("Age of the oldest message, in seconds", "ApproximateAgeOfOldestMessage", "Maximum"),
    {
      title: "Running tasks",
      metrics: [
        [
          search(
            `{ECS/ContainerInsights,ClusterName,ServiceName} MetricName="RunningTaskCount" ClusterName="${names.cluster}"`,
            "Maximum",
          ),
        ],
      ],
    },
    {
      title: "Requests and errors",
      metrics: ["Count", "4xx", "5xx"].map((metric) => ["AWS/ApiGateway", metric, "ApiId", apiId]),
    },
    { title: "Lambda errors and throttles", metrics: [...lambdas("Errors", "Sum"), ...lambdas("Throttles", "Sum")] },
    { title: "Lambda duration, 99th percentile", metrics: lambdas("Duration", "p99") },
    workers("Jobs by outcome", [WORKER_METRICS.jobsSucceeded, WORKER_METRICS.jobsFailed, WORKER_METRICS.jobsCancelled], ["Sum"]),
    workers("Attempts that did not end their job", NOT_ENDED, ["Sum"]),
    workers("Run time of attempts, in milliseconds: half and 95% of them took no longer", [WORKER_METRICS.runTime], SHARES),
    workers(
      "Wait for the first attempt, in milliseconds: half and 95% of the jobs waited no longer",
      [WORKER_METRICS.queueWait],
      SHARES,
    ),
  ];
}

/**
 * A search of CloudWatch's. A quoted term must be a whole name or value; one without quotes is cut into tokens at whatever is not
 * a letter or digit, and finds the values that have those tokens in this order, so jobs-prod finds jobs-prod-document-jobs
 * (CloudWatch User Guide: search expression syntax, partial matches and non-alphanumeric characters).
 *
 * @param label before the name of each metric that is found.
 */
function search(query: string, stat: string, label?: string) {
  return { expression: `SEARCH('${query}', '${stat}', ${PERIOD})`, ...(label === undefined ? {} : { label }) };
}
