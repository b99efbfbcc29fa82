/**
 * What one queue reports for one minute. A metric that SQS did not report is absent: an active queue always reports
 * `visible`, the other two only while such messages exist, and none comes after 6 h without a call on the queue or in the
 * first minutes (up to 15) after it (Amazon SQS: available CloudWatch metrics).
 */
export interface QueueSample {
  /** Messages that can be received. */
  readonly visible?: number;
  /** Messages that a worker has received and neither deleted nor released. */
  readonly inFlight?: number;
  /** Messages whose delay is still running. */
  readonly delayed?: number;
  /** Receives that found no message: a worker polls, and has nothing to do. */
  readonly emptyReceives?: number;
}

/** A metric's ID in metric math: it starts with a lower-case letter (CloudWatch: using metric math). */
export type QueueMetricId = keyof QueueSample;

/** The names of the metrics in the namespace `AWS/SQS`. */
export const QUEUE_METRIC_NAMES: Readonly<Record<QueueMetricId, string>> = {
  visible: "ApproximateNumberOfMessagesVisible",
  inFlight: "ApproximateNumberOfMessagesNotVisible",
  delayed: "ApproximateNumberOfMessagesDelayed",
  emptyReceives: "NumberOfEmptyReceives",
};

/**
 * A count of messages: the one source of both the expression that CloudWatch computes and the value that is computed here.
 */
export interface DepthExpression {
  /** The metric that must be reported: without it the period has no datapoint. */
  readonly required: QueueMetricId;
  /** Metrics added to it, zero where they are not reported. */
  readonly added: readonly QueueMetricId[];
  /**
   * The queue may count as empty only in minutes in which this metric is above 0; in any other that is reported the value
   * is 1. A missing datapoint would not do: CloudWatch looks past it to older ones, which may have been empty.
   */
  readonly emptyOnlyWhile?: QueueMetricId;
}

/**
 * The expression as metric math, such as `IF(visible >= 0, visible + FILL(inFlight, 0))`.
 *
 * `FILL(m, 0)` gives a value for every minute, and arithmetic counts a missing value as 0 (CloudWatch: basic arithmetic
 * functions), so the sum alone would report an empty queue where SQS has reported nothing yet. `IF` with a time series as its
 * condition drops the minutes in which the condition has no datapoint: there the alarm's missing-data setting decides. So the
 * condition on the required metric comes first: inside of another `IF`, a missing value would count as 0, and a minute that SQS
 * has not reported yet would have a value, which an alarm on the latest minutes would see for ever (CloudWatch: FILL).
 */
export function depthExpressionText({ required, added, emptyOnlyWhile }: DepthExpression): string {
  const sum = [required, ...added.map((id) => `FILL(${id}, 0)`)].join(" + ");
  const depth = emptyOnlyWhile === undefined ? sum : `IF(FILL(${emptyOnlyWhile}, 0) > 0, ${sum}, 1)`;
  return `IF(${required} >= 0, ${depth})`;
}

/** What CloudWatch computes from {@link depthExpressionText} for one minute: messages, or `undefined` for no datapoint. */
export function depthOf({ required, added, emptyOnlyWhile }: DepthExpression, sample: QueueSample): number | undefined {
  const reported = sample[required];
  if (reported === undefined) return undefined;
  if (emptyOnlyWhile !== undefined && !((sample[emptyOnlyWhile] ?? 0) > 0)) return 1;
  return added.reduce((sum, id) => sum + (sample[id] ?? 0), reported);
}
