import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import type { Construct } from "constructs";
import type { Environment, FailureRate } from "../environments/environment.ts";

/** A metric that an alarm watches, or computes with. */
export interface AlertMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly stat: "Sum" | "Maximum";
}

/** An alarm that pages people. */
export interface AlertSettings {
  readonly name: string;
  /** What is wrong and what to do: all that the person on call gets to read at first. At most 1,024 characters. */
  readonly description: string;
  readonly alertsTopicArn: string;
  /** By their IDs in the expression. */
  readonly metrics: Readonly<Record<string, AlertMetric>>;
  /** In metric math. @default the only metric */
  readonly expression?: string;
  /** The alarm fires at this value, and above it. */
  readonly threshold: number;
  readonly periodSeconds: number;
  /** How many periods in a row. @default 1 */
  readonly periods?: number;
  /**
   * What a period without data means. Most metrics come only where something happens, so nothing is all right; "ignore" is for
   * what stays wrong although it is no longer reported.
   */
  readonly treatMissingData: "notBreaching" | "ignore";
  /** Whether a pause of the type switches its actions off, which a plan must not undo. @default false */
  readonly isPausable?: boolean;
}

/** Makes an alarm that publishes to the alerts topic, and to the environment's own topics, when it fires and when it is over. */
export function createAlert(scope: Construct, id: string, environment: Environment, settings: AlertSettings): void {
  const { name, description, alertsTopicArn, metrics, expression, threshold, periodSeconds, periods = 1 } = settings;
  const watched = Object.entries(metrics).map(([metricId, { namespace, name: metricName, dimensions, stat }]) => ({
    id: metricId,
    returnData: expression === undefined,
    metric: { namespace, metricName, dimensions: { ...dimensions }, stat, period: periodSeconds },
  }));
  const computed = expression === undefined ? [] : [{ id: "value", label: name, expression, returnData: true }];
  const topicArns = [alertsTopicArn, ...environment.alarms.topicArns];
  new CloudwatchMetricAlarm(scope, id, {
    alarmName: name,
    alarmDescription: description,
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    threshold,
    evaluationPeriods: periods,
    datapointsToAlarm: periods,
    treatMissingData: settings.treatMissingData,
    metricQuery: [...watched, ...computed],
    alarmActions: topicArns,
    okActions: topicArns,
    ...(settings.isPausable === true ? { lifecycle: { ignoreChanges: ["actions_enabled"] } } : {}),
  });
}

/**
 * The percentage of failures, as metric math: 0 while they are fewer than the minimum, since one failed job of one is not a rate.
 *
 * It has a value where nothing failed: CloudWatch looks past periods without one to older ones, and an alarm would stay on.
 *
 * @param all the expression that counts all that could have failed.
 */
export function failurePercent({ minimum }: FailureRate, all: string): string {
  return `IF(FILL(failed, 0) >= ${minimum}, 100 * failed / (${all}), 0)`;
}

/** In words, for descriptions. */
export function rateInWords({ percent, minimum, minutes }: FailureRate): string {
  return `${percent}% or more, and at least ${minimum}, within ${minutes} min`;
}
