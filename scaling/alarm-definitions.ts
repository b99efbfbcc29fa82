import type { ScalingSettings } from "@autoscaling-job-queues/domain/job-type";
import type { AlarmRule } from "./alarm.ts";
import { type DepthExpression, depthExpressionText, QUEUE_METRIC_NAMES } from "./metrics.ts";

/** An alarm on a queue's depth: the rule, and the count that it watches. */
export interface AlarmDefinition extends AlarmRule {
  readonly description: string;
  readonly depth: DepthExpression;
  /** Seconds. 60 is the shortest for `AWS/SQS`, whose metrics come once a minute. */
  readonly period: number;
}

/** One `metric_query` of `aws_cloudwatch_metric_alarm`. */
export interface MetricQuery {
  readonly id: string;
  readonly expression?: string;
  readonly label?: string;
  readonly returnData?: boolean;
  readonly metric?: {
    readonly namespace: string;
    readonly metricName: string;
    readonly dimensions: Readonly<Record<string, string>>;
    readonly stat: string;
    readonly period: number;
  };
}

const PERIOD_SECONDS = 60;

/**
 * Fires from `scaleOutDepth` messages on, visible and in flight, at the first datapoint. `>=`, so that one message is enough.
 *
 * Missing data is not breaching: a queue about which nothing is known is no reason to start tasks.
 */
export function scaleOutAlarm(settings: ScalingSettings): AlarmDefinition {
  return {
    description: `Messages waiting or being worked on: ${settings.scaleOutDepth} or more`,
    depth: { required: "visible", added: ["inFlight"] },
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    threshold: settings.scaleOutDepth,
    period: PERIOD_SECONDS,
    evaluationPeriods: 1,
    treatMissingData: "notBreaching",
  };
}

/**
 * Fires when nothing was visible, in flight or delayed in any of the last `idleMinutes` minutes.
 *
 * Only a minute in which a worker's receive came back empty can count as empty: where nobody polls there is nothing to stop. Without
 * that, the alarm of a resting queue would stay in ALARM, and CloudWatch repeats the action of an alarm every minute: it would
 * set 0 again right after the wake call, before the metric shows the message (docs/decisions/0005-empty-alarm-needs-a-poller.md).
 * An idle worker's long polls of 20 s make about three empty receives a minute.
 *
 * Missing data is not breaching: SQS reports late after a rest, and tasks that the first job has just started must not be
 * stopped on the strength of no data. `ignore` would keep an ALARM from before the rest; `missing` could fire on fewer
 * datapoints than `idleMinutes`.
 */
export function emptyAlarm(settings: ScalingSettings): AlarmDefinition {
  return {
    description: `No message visible, in flight or delayed for ${settings.idleMinutes} min, while workers poll`,
    depth: { required: "visible", added: ["inFlight", "delayed"], emptyOnlyWhile: "emptyReceives" },
    comparisonOperator: "LessThanOrEqualToThreshold",
    threshold: 0,
    period: PERIOD_SECONDS,
    evaluationPeriods: settings.idleMinutes,
    treatMissingData: "notBreaching",
  };
}

/**
 * The `metric_query` blocks of an alarm: its metrics, all with the alarm's period as CloudWatch requires, and the expression,
 * the only one that returns data. The statistic is Maximum: a minute counts as empty only if no reading in it was above 0.
 */
export function metricQueries({ depth, period }: AlarmDefinition, queueName: string): readonly MetricQuery[] {
  const ids = [depth.required, ...depth.added, ...(depth.emptyOnlyWhile === undefined ? [] : [depth.emptyOnlyWhile])];
  const metrics = ids.map((id) => ({
    id,
    returnData: false,
    metric: {
      namespace: "AWS/SQS",
      metricName: QUEUE_METRIC_NAMES[id],
      dimensions: { QueueName: queueName },
      stat: "Maximum",
      period,
    },
  }));
  return [...metrics, { id: "depth", label: "Messages", expression: depthExpressionText(depth), returnData: true }];
}
