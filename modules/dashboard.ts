import { METRICS_NAMESPACE } from "@autoscaling-job-queues/domain/metrics-namespace";
import { LAMBDAS } from "@autoscaling-job-queues/domain/routes";
import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard/index.js";
import type { Construct } from "constructs";
import type { Environment } from "./environment.ts";
import { platformNames } from "./names.ts";

/** Seconds of a point. */
const PERIOD = 60;
const WIDTH = 12;
const HEIGHT = 6;

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
  const lambdas = (metric: string, stat: string) =>
    LAMBDAS.map((name) => ["AWS/Lambda", metric, "FunctionName", names.lambda(name), { stat }]);
  return [
    queues("Messages waiting", "ApproximateNumberOfMessagesVisible", "Maximum"),
    queues("Messages in work", "ApproximateNumberOfMessagesNotVisible", "Maximum"),
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
    {
      title: "Jobs by outcome",
      metrics: ["JobsSucceeded", "JobsFailed", "JobsCancelled"].map((metric) => [
        search(`{${METRICS_NAMESPACE},jobType,service} MetricName="${metric}"`, "Sum"),
      ]),
    },
  ];
}

/**
 * A search of CloudWatch's. A quoted term must be a whole name or value; one without quotes is cut into tokens at whatever is no
 * letter or digit, and finds the values that have those tokens in this order, so jobs-prod finds jobs-prod-document-jobs
 * (CloudWatch User Guide: search expression syntax, partial matches and non-alphanumeric characters).
 */
function search(query: string, stat: string) {
  return { expression: `SEARCH('${query}', '${stat}', ${PERIOD})` };
}
