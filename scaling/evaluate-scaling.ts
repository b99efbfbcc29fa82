import { type AlarmState, evaluateAlarm, evaluationRange } from "./alarm.ts";
import { depthOf, type QueueSample } from "./metrics.ts";
import type { Scaling } from "./scaling-for.ts";
import { type CapacityState, decideCapacity, type ScalingOutcome } from "./step-scaling.ts";

export interface RuleEvaluation {
  readonly alarm: AlarmState;
  /** What the policy did; absent when the alarm did not invoke it. */
  readonly outcome?: ScalingOutcome;
}

export interface ScalingEvaluation {
  readonly scaleOut: RuleEvaluation;
  readonly empty: RuleEvaluation;
  /** Its `capacity` is the desired count from now on. */
  readonly state: CapacityState;
}

/** How many of the latest samples {@link evaluateScaling} looks at; older ones can be dropped. */
export function samplesNeeded({ scaleOut, empty }: Scaling): number {
  return Math.max(evaluationRange(scaleOut.alarm), evaluationRange(empty.alarm));
}

/**
 * What the two alarms and their policies do at the end of a period. An alarm invokes its policy in every period in which it is
 * in ALARM, not only in the first (CloudWatch: alarm actions; Auto Scaling actions are the exception).
 *
 * The alarms exclude each other: the same sample cannot be at or above `scaleOutDepth`, which is at least 1, and at 0.
 *
 * @param samples one per period, oldest first, the latest for the period that just ended.
 * @param now milliseconds, on a clock that agrees with the alarms' period.
 */
export function evaluateScaling(
  scaling: Scaling,
  samples: readonly QueueSample[],
  state: CapacityState,
  now: number,
): ScalingEvaluation {
  const evaluate = (name: "scaleOut" | "empty", before: CapacityState) => {
    const { alarm, policy } = scaling[name];
    const evaluated = evaluateAlarm(
      alarm,
      samples.map((sample) => depthOf(alarm.depth, sample)),
    );
    if (evaluated.state !== "ALARM") return { rule: { alarm: evaluated.state }, state: before };
    const { datapoints } = evaluated;
    const decision = decideCapacity({ policy, bounds: scaling.bounds, threshold: alarm.threshold, datapoints }, before, now);
    return { rule: { alarm: evaluated.state, outcome: decision.outcome }, state: decision.state };
  };
  const scaleOut = evaluate("scaleOut", state);
  const empty = evaluate("empty", scaleOut.state);
  return { scaleOut: scaleOut.rule, empty: empty.rule, state: empty.state };
}
