import type { AlarmDefinition } from "../../scaling/alarm-definitions.ts";
import { type DepthExpression, depthExpressionText, QUEUE_METRIC_NAMES, type QueueMetricId } from "../../scaling/metrics.ts";
import type { Scaling, ScalingRule } from "../../scaling/scaling-for.ts";
import type { StepPolicy } from "../../scaling/step-policy.ts";
import type { EmulatedAws } from "./emulated-aws.ts";

/** An alarm as CloudWatch describes it (DescribeAlarms). */
interface MetricAlarm {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly AlarmActions: readonly string[];
  readonly ComparisonOperator: AlarmDefinition["comparisonOperator"];
  readonly Threshold: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm: number;
  readonly TreatMissingData: AlarmDefinition["treatMissingData"];
  readonly Metrics: readonly MetricQuery[];
}

interface MetricQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly ReturnData?: boolean;
  readonly MetricStat?: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
    };
    readonly Period: number;
    readonly Stat: string;
  };
}

/** A policy as Application Auto Scaling describes it (DescribeScalingPolicies). */
interface ScalingPolicy {
  readonly PolicyARN: string;
  readonly PolicyName: string;
  readonly StepScalingPolicyConfiguration: {
    readonly AdjustmentType: StepPolicy["adjustmentType"];
    readonly Cooldown: number;
    readonly MetricAggregationType: StepPolicy["metricAggregationType"];
    readonly StepAdjustments: readonly {
      readonly MetricIntervalLowerBound?: number;
      readonly MetricIntervalUpperBound?: number;
      readonly ScalingAdjustment: number;
    }[];
  };
}

/** What scales a service, read back from CloudWatch and Application Auto Scaling into the scaling model. */
export async function deployedScaling(
  aws: EmulatedAws,
  { resourceId, alarmNames, queueName }: DeployedScalingNames,
): Promise<Scaling> {
  const describe = async (operation: string) =>
    await aws.call("application-autoscaling", `AnyScaleFrontendService.${operation}`, {
      ServiceNamespace: "ecs",
      ...(operation === "DescribeScalableTargets" ? { ResourceIds: [resourceId] } : { ResourceId: resourceId }),
    });
  const { ScalableTargets } = (await describe("DescribeScalableTargets")) as {
    readonly ScalableTargets: readonly { readonly MinCapacity: number; readonly MaxCapacity: number }[];
  };
  const { ScalingPolicies } = (await describe("DescribeScalingPolicies")) as {
    readonly ScalingPolicies: readonly ScalingPolicy[];
  };
  const { MetricAlarms } = (await aws.call("monitoring", "GraniteServiceVersion20100801.DescribeAlarms", {
    AlarmNames: Object.values(alarmNames),
  })) as { readonly MetricAlarms: readonly MetricAlarm[] };
  const [target] = ScalableTargets;
  if (target === undefined) throw new Error(`${resourceId} is no scalable target`);
  const rule = (name: string): ScalingRule => {
    const alarm = MetricAlarms.find(({ AlarmName }) => AlarmName === name);
    const policy = ScalingPolicies.find(({ PolicyARN }) => alarm?.AlarmActions.includes(PolicyARN));
    if (alarm === undefined || policy === undefined) throw new Error(`alarm ${name} invokes no policy of ${resourceId}`);
    return { alarm: alarmDefinition(alarm, queueName), policy: stepPolicy(policy) };
  };
  return {
    bounds: { minCapacity: target.MinCapacity, maxCapacity: target.MaxCapacity },
    scaleOut: rule(alarmNames.scaleOut),
    empty: rule(alarmNames.empty),
  };
}

export interface DeployedScalingNames {
  /** Such as `service/<cluster>/<service>`. */
  readonly resourceId: string;
  readonly alarmNames: { readonly scaleOut: string; readonly empty: string };
  readonly queueName: string;
}

function alarmDefinition(alarm: MetricAlarm, queueName: string): AlarmDefinition {
  if (alarm.DatapointsToAlarm !== alarm.EvaluationPeriods)
    throw new Error(`alarm ${alarm.AlarmName} may fire on fewer datapoints`);
  const { expression, period } = watched(alarm, queueName);
  return {
    description: alarm.AlarmDescription,
    depth: depthExpression(expression),
    comparisonOperator: alarm.ComparisonOperator,
    threshold: alarm.Threshold,
    period,
    evaluationPeriods: alarm.EvaluationPeriods,
    treatMissingData: alarm.TreatMissingData,
  };
}

/** The expression of an alarm, once its metrics are known to be those of the queue that their IDs stand for. */
function watched({ AlarmName, Metrics }: MetricAlarm, queueName: string): { expression: string; period: number } {
  const returned = Metrics.filter(({ ReturnData }) => ReturnData === true);
  const metrics = Metrics.flatMap(({ Id, MetricStat }) => (MetricStat === undefined ? [] : [{ Id, ...MetricStat }]));
  const strange = metrics.filter(
    ({ Id, Stat, Metric: { Namespace, MetricName, Dimensions } }) =>
      Stat !== "Maximum" ||
      Namespace !== "AWS/SQS" ||
      MetricName !== QUEUE_METRIC_NAMES[Id as QueueMetricId] ||
      JSON.stringify(Dimensions) !== JSON.stringify([{ Name: "QueueName", Value: queueName }]),
  );
  const periods = new Set(metrics.map(({ Period }) => Period));
  const expression = returned[0]?.Expression;
  if (strange.length > 0 || periods.size !== 1 || returned.length !== 1 || expression === undefined) {
    throw new Error(`alarm ${AlarmName} does not watch ${queueName}: ${JSON.stringify(Metrics)}`);
  }
  return { expression, period: [...periods][0] ?? 0 };
}

const DEPTH = /^IF\((\w+) >= 0, (.*)\)$/;
const ONLY_WHILE = /^IF\(FILL\((\w+), 0\) > 0, (.*), 1\)$/;
const ADDED = / \+ FILL\((\w+), 0\)/g;

/** The inverse of `depthExpressionText`. */
function depthExpression(text: string): DepthExpression {
  const [, required, value = ""] = DEPTH.exec(text) ?? [];
  const [, emptyOnlyWhile, sum = value] = ONLY_WHILE.exec(value) ?? [];
  const depth = {
    required: required as QueueMetricId,
    added: [...sum.matchAll(ADDED)].map(([, id]) => id as QueueMetricId),
    ...(emptyOnlyWhile === undefined ? {} : { emptyOnlyWhile: emptyOnlyWhile as QueueMetricId }),
  };
  if (depthExpressionText(depth) !== text) throw new Error(`no expression of the scaling model: ${text}`);
  return depth;
}

function stepPolicy({ StepScalingPolicyConfiguration: policy }: ScalingPolicy): StepPolicy {
  return {
    adjustmentType: policy.AdjustmentType,
    cooldown: policy.Cooldown,
    metricAggregationType: policy.MetricAggregationType,
    // To Terraform they are a set, which comes in any order.
    stepAdjustments: policy.StepAdjustments.map((step) => ({
      metricIntervalLowerBound: step.MetricIntervalLowerBound ?? null,
      metricIntervalUpperBound: step.MetricIntervalUpperBound ?? null,
      scalingAdjustment: step.ScalingAdjustment,
    })).sort((one, other) => (one.metricIntervalLowerBound ?? -Infinity) - (other.metricIntervalLowerBound ?? -Infinity)),
  };
}
