import { type AlarmRule, type AlarmState, evaluateAlarm } from "../../scaling/alarm.ts";
import type { Resource } from "./synthesized.ts";

/** One period of the metrics that an alarm watches, by their IDs; one that is not reported is absent. */
export type Sample = Readonly<Record<string, number>>;

/**
 * What CloudWatch computes from an alarm's expression for one period, or `undefined` for no datapoint. It knows of metric math what
 * the alarms use: arithmetic and comparisons, which have no value where a metric has none, and these two functions.
 */
export function computed({ metric_query: queries }: Resource, sample: Sample): number | undefined {
  const ids: string[] = queries.filter(({ metric }: Resource) => metric !== undefined).map(({ id }: Resource) => id);
  const { expression, id } = queries.find(({ return_data: returned }: Resource) => returned);
  const IF = (condition: boolean, then: number, otherwise?: number) => (condition ? then : otherwise);
  const FILL = (metric: number | undefined, value: number) => metric ?? value;
  const compute = new Function("IF", "FILL", ...ids, `return ${expression ?? id}`);
  return compute(IF, FILL, ...ids.map((metric) => sample[metric]));
}

/**
 * The state of an alarm after these periods, oldest first.
 *
 * @param previous what it was before them.
 */
export function stateAfter(alarm: Resource, samples: readonly Sample[], previous?: AlarmState): AlarmState {
  if (alarm.datapoints_to_alarm !== alarm.evaluation_periods) throw new Error("an alarm needs all of its datapoints to breach");
  const rule: AlarmRule = {
    comparisonOperator: alarm.comparison_operator,
    threshold: alarm.threshold,
    evaluationPeriods: alarm.evaluation_periods,
    treatMissingData: alarm.treat_missing_data,
  };
  return evaluateAlarm(
    rule,
    samples.map((sample) => computed(alarm, sample)),
    previous,
  ).state;
}

/** The metrics that an alarm watches. */
export function watched({ metric_query: queries }: Resource): Readonly<Record<string, unknown>>[] {
  return queries.flatMap(({ metric }: Resource) => (metric === undefined ? [] : [metric]));
}
