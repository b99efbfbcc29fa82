/** CloudWatch's metric alarm states. */
export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** When an alarm fires, under the argument names of `aws_cloudwatch_metric_alarm`: when all of N datapoints breach. */
export interface AlarmRule {
  readonly comparisonOperator: "GreaterThanOrEqualToThreshold" | "LessThanOrEqualToThreshold";
  readonly threshold: number;
  /** N: how many datapoints are evaluated. N times the period is at most a day. */
  readonly evaluationPeriods: number;
  /** What the alarm makes of a period without a datapoint: it does not breach, or leaves the alarm as it is. */
  readonly treatMissingData: "notBreaching" | "ignore";
}

export interface AlarmEvaluation {
  readonly state: AlarmState;
  /** The real datapoints that decided, oldest first, at most N: CloudWatch hands them to the scaling policy. */
  readonly datapoints: readonly number[];
}

/**
 * CloudWatch retrieves more datapoints than N, so that late or missing ones do not matter at once. How many more is not
 * documented in general; its worked examples retrieve 5 for an N of 3.
 */
const EXTRA_DATAPOINTS = 2;

/** The evaluation range: how many of the latest periods an alarm looks at. */
export function evaluationRange(rule: AlarmRule): number {
  return rule.evaluationPeriods + EXTRA_DATAPOINTS;
}

/**
 * Evaluates an alarm as CloudWatch does (CloudWatch: evaluating an alarm; how alarm state is evaluated when data is missing).
 *
 * @param datapoints one per period, oldest first, `undefined` where there is none. Fewer than the range means that nothing is
 *   known about the time before.
 * @param previous the state so far, which `ignore` keeps.
 */
export function evaluateAlarm(
  rule: AlarmRule,
  datapoints: readonly (number | undefined)[],
  previous: AlarmState = "INSUFFICIENT_DATA",
): AlarmEvaluation {
  // Real datapoints count whenever they exist: missing ones are used as few times as possible, and not at all when the range
  // holds N real ones, of which the latest N are evaluated.
  const existing = datapoints
    .slice(-evaluationRange(rule))
    .filter((value) => value !== undefined)
    .slice(-rule.evaluationPeriods);
  const breaching = existing.filter((value) => breaches(rule, value)).length;
  if (breaching === rule.evaluationPeriods) return { state: "ALARM", datapoints: existing };
  const undecided = rule.treatMissingData === "ignore" && breaching === existing.length;
  return { state: undecided ? previous : "OK", datapoints: existing };
}

function breaches({ comparisonOperator, threshold }: AlarmRule, value: number): boolean {
  return comparisonOperator === "GreaterThanOrEqualToThreshold" ? value >= threshold : value <= threshold;
}
