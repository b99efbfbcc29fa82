/** CloudWatch's metric alarm states. */
export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** What an alarm makes of a period without a datapoint. */
export type TreatMissingData = "missing" | "ignore" | "breaching" | "notBreaching";

export type ComparisonOperator = "GreaterThanOrEqualToThreshold" | "LessThanOrEqualToThreshold";

/** When an alarm fires, under the argument names of `aws_cloudwatch_metric_alarm`: "M out of N" datapoints. */
export interface AlarmRule {
  readonly comparisonOperator: ComparisonOperator;
  readonly threshold: number;
  /** N: how many datapoints are evaluated. N times the period is at most a day. */
  readonly evaluationPeriods: number;
  /** M: how many of them must breach; they need not be consecutive. */
  readonly datapointsToAlarm: number;
  readonly treatMissingData: TreatMissingData;
}

export interface AlarmEvaluation {
  readonly state: AlarmState;
  /** The real datapoints that decided, oldest first, at most N: CloudWatch hands them to the scaling policy. */
  readonly datapoints: readonly number[];
}

const BREACHES: Readonly<Record<ComparisonOperator, (value: number, threshold: number) => boolean>> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

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
  const range = datapoints.slice(-evaluationRange(rule));
  // Real datapoints count whenever they exist: missing ones are used as few times as possible, and not at all when the range
  // holds N real ones, of which the latest N are evaluated.
  const existing = range.filter((value) => value !== undefined).slice(-rule.evaluationPeriods);
  const breaching = existing.filter((value) => breaches(rule, value)).length;
  const missing = rule.evaluationPeriods - existing.length;
  const filled = missing > 0 && rule.treatMissingData === "breaching" ? missing : 0;
  const reached: AlarmState = breaching + filled >= rule.datapointsToAlarm ? "ALARM" : "OK";
  const unfilled = missing > 0 && (rule.treatMissingData === "missing" || rule.treatMissingData === "ignore");
  const decided = unfilled && reached === "OK" && breaching === existing.length ? undefined : reached;
  return { state: decided ?? undecided(rule, range, previous), datapoints: existing };
}

/**
 * The state when `missing` or `ignore` leaves too few datapoints and none of them is within the threshold. `ignore` keeps the
 * state. `missing` goes to ALARM once the oldest breaching datapoint is at least M periods old (the documented exception to
 * avoiding premature alarms), and has insufficient data before that.
 */
function undecided(rule: AlarmRule, range: readonly (number | undefined)[], previous: AlarmState): AlarmState {
  if (rule.treatMissingData === "ignore") return previous;
  const oldest = range.findIndex((value) => value !== undefined);
  return oldest >= 0 && range.length - oldest >= rule.datapointsToAlarm ? "ALARM" : "INSUFFICIENT_DATA";
}

function breaches({ comparisonOperator, threshold }: AlarmRule, value: number): boolean {
  return BREACHES[comparisonOperator](value, threshold);
}
