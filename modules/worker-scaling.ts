import type { Deployment } from "@autoscaling-job-queues/domain/deployment-settings";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy/index.js";
import { AppautoscalingScheduledAction } from "@cdktf/provider-aws/lib/appautoscaling-scheduled-action/index.js";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target/index.js";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Environment } from "../environments/environment.ts";
import { metricQueries } from "../scaling/alarm-definitions.ts";
import { type ScalingRule, scalingFor } from "../scaling/scaling-for.ts";
import type { StepAdjustment } from "../scaling/step-policy.ts";
import { jobTypeNames } from "./names.ts";

interface WorkerScalingSettings {
  readonly jobType: JobType;
  readonly warm: Deployment["scaling"]["warm"];
  readonly minTasks: number;
  readonly queueName: string;
  readonly clusterName: string;
  readonly serviceName: string;
}

/** Scales a service by its queue: every number comes from the scaling model that the local autoscaler runs on. */
export class WorkerScaling extends Construct {
  readonly #environment: Environment;
  readonly #settings: WorkerScalingSettings;
  readonly #target: AppautoscalingTarget;
  /**
   * What changes the target comes one after another: Application Auto Scaling refuses a change while another is pending, and the provider
   * does not try again (hashicorp/terraform-provider-aws, issue 17915; hashicorp/terraform, issue 14258).
   */
  #last: ITerraformDependable;

  constructor(scope: Construct, id: string, environment: Environment, settings: WorkerScalingSettings) {
    super(scope, id);
    this.#environment = environment;
    this.#settings = settings;
    const { warm, minTasks } = settings;
    const { bounds, scaleOut, empty } = scalingFor(settings.jobType.scaling, minTasks);
    this.#target = new AppautoscalingTarget(this, "target", {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: `service/${settings.clusterName}/${settings.serviceName}`,
      ...bounds,
      // A pause suspends it, and a plan must not end that. The windows change the minimum by themselves, and none must set it back while one
      // is open.
      lifecycle: { ignoreChanges: ["suspended_state", ...(warm.length === 0 ? [] : ["min_capacity"])] },
    });
    this.#last = this.#target;
    this.#addRule("scale-out", scaleOut);
    this.#addRule("empty", empty);
    for (const [index, { from, to, timezone, minTasks: atLeast }] of warm.entries()) {
      this.#setMinimum(`warm-${index + 1}-from`, { schedule: from, timezone, minCapacity: atLeast });
      this.#setMinimum(`warm-${index + 1}-to`, { schedule: to, timezone, minCapacity: minTasks });
    }
  }

  /** At its times, at least so many tasks are to run from then on; Application Auto Scaling raises the count, and never lowers it. */
  #setMinimum(id: string, { minCapacity, ...when }: { schedule: string; timezone: string; minCapacity: number }): void {
    const { serviceNamespace, scalableDimension, resourceId } = this.#target;
    this.#last = new AppautoscalingScheduledAction(this, id, {
      name: jobTypeNames(this.#environment, this.#settings.jobType.name).alarm(id),
      serviceNamespace,
      scalableDimension,
      resourceId,
      ...when,
      scalableTargetAction: { minCapacity: String(minCapacity) },
      dependsOn: [this.#last],
    });
  }

  #addRule(rule: string, { alarm, policy }: ScalingRule): void {
    const { jobType, queueName } = this.#settings;
    const name = jobTypeNames(this.#environment, jobType.name).alarm(rule);
    const { serviceNamespace, scalableDimension, resourceId } = this.#target;
    const stepPolicy = new AppautoscalingPolicy(this, `${rule}-policy`, {
      name,
      policyType: "StepScaling",
      serviceNamespace,
      scalableDimension,
      resourceId,
      stepScalingPolicyConfiguration: {
        adjustmentType: policy.adjustmentType,
        cooldown: policy.cooldown,
        metricAggregationType: policy.metricAggregationType,
        stepAdjustment: policy.stepAdjustments.map(stepBlock),
      },
      dependsOn: [this.#last],
    });
    this.#last = stepPolicy;
    const { description, comparisonOperator, threshold, evaluationPeriods, treatMissingData } = alarm;
    new CloudwatchMetricAlarm(this, `${rule}-alarm`, {
      alarmName: name,
      alarmDescription: description,
      comparisonOperator,
      threshold,
      evaluationPeriods,
      datapointsToAlarm: evaluationPeriods,
      treatMissingData,
      metricQuery: metricQueries(alarm, queueName).map(({ metric, ...query }) => ({
        ...query,
        ...(metric === undefined ? {} : { metric: { ...metric, dimensions: { ...metric.dimensions } } }),
      })),
      alarmActions: [stepPolicy.arn],
    });
  }
}

/** The provider takes bounds as text, and an open end as none. */
function stepBlock({ metricIntervalLowerBound: lower, metricIntervalUpperBound: upper, scalingAdjustment }: StepAdjustment) {
  return {
    ...(lower === null ? {} : { metricIntervalLowerBound: String(lower) }),
    ...(upper === null ? {} : { metricIntervalUpperBound: String(upper) }),
    scalingAdjustment,
  };
}
