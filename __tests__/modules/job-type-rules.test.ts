import { beforeAll, describe, expect, it } from "vitest";
import { metricQueries } from "../../scaling/alarm-definitions.ts";
import { scalingFor } from "../../scaling/scaling-for.ts";
import { buildEnvironment, buildJobType, only, policies, ref, resources, synthesized, type Terraform } from "./synthesized.ts";

const KEY = ref("data.terraform_remote_state.platform.outputs.key_arn");
const report = buildJobType({ leaseSeconds: 45, scaling: { maxTasks: 40, backlogPerTask: 3, idleMinutes: 7 } });
let jobType: Terraform;

beforeAll(async () => {
  const protection = { deletionProtection: true, preventDestroy: true };
  ({ jobType } = await synthesized(buildEnvironment({ protection, fargate: { base: 1, weight: 2, spotWeight: 3 } }), [report]));
});

const container = () => JSON.parse(only(jobType, "aws_ecs_task_definition").container_definitions)[0];

describe("a job type's stack", () => {
  it("encrypts its queues with the platform's key and keeps messages for 14 days", () => {
    const { queue, dead_letter_queue: deadLetters } = jobType.resource.aws_sqs_queue ?? {};
    for (const each of [queue, deadLetters]) {
      expect(each).toMatchObject({
        kms_master_key_id: KEY,
        message_retention_seconds: 1_209_600,
        lifecycle: { prevent_destroy: true },
      });
    }
    expect(queue?.visibility_timeout_seconds).toBe(45);
    expect(JSON.parse(queue?.redrive_policy)).toEqual({
      deadLetterTargetArn: ref("aws_sqs_queue.dead_letter_queue.arn"),
      maxReceiveCount: 100,
    });
  });

  it("lets only its own queue dead-letter into its dead-letter queue, and none into its own", () => {
    const { queue, dead_letter_queue: deadLetters } = jobType.resource.aws_sqs_queue ?? {};
    expect(JSON.parse(deadLetters?.redrive_allow_policy)).toEqual({
      redrivePermission: "byQueue",
      sourceQueueArns: ["arn:aws:sqs:us-east-1:111122223333:jobs-test-report-jobs"],
    });
    expect(JSON.parse(queue?.redrive_allow_policy)).toEqual({ redrivePermission: "denyAll" });
  });

  it("refuses to use its queues without TLS", () => {
    const guarded = policies(jobType).filter(({ address }) => address.startsWith("aws_sqs_queue_policy."));
    expect(guarded).toHaveLength(2);
    for (const { statements } of guarded) {
      expect(statements.filter(({ Effect }) => Effect === "Deny")).toMatchObject([
        { Principal: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
      ]);
    }
  });

  it("runs containers that are read-only, unprivileged, without capabilities, of no root user, logged, and given 120 s to stop", () => {
    expect(container()).toMatchObject({
      readonlyRootFilesystem: true,
      privileged: false,
      linuxParameters: { initProcessEnabled: true, capabilities: { drop: ["ALL"] } },
      stopTimeout: 120,
      logConfiguration: { logDriver: "awslogs" },
    });
    expect(container().user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(only(jobType, "aws_ecs_task_definition").runtime_platform.cpu_architecture).toBe("ARM64");
  });

  it("tells the container what the worker reads, and no secret", () => {
    const names = container().environment.map(({ name }: { name: string }) => name);
    expect(names).toEqual([
      "JOBS_CANARY",
      "JOBS_TABLE_NAME",
      "JOB_EVENTS_TOPIC_ARN",
      "JOB_IMAGE",
      "JOB_QUEUE_URL",
      "JOB_RESULTS_BUCKET",
      "JOB_TYPE",
      "JOB_TYPES_TABLE_NAME",
      "POWERTOOLS_METRICS_NAMESPACE",
    ]);
  });

  it("starts with no task, leaves the count to scaling, and rolls failed deployments back", () => {
    const service = only(jobType, "aws_ecs_service");
    expect(service).toMatchObject({
      desired_count: 0,
      lifecycle: { ignore_changes: ["desired_count"] },
      deployment_circuit_breaker: { enable: true, rollback: true },
      platform_version: "LATEST",
      network_configuration: { assign_public_ip: false },
    });
    expect(service.capacity_provider_strategy).toEqual([
      { capacity_provider: "FARGATE", base: 1, weight: 2 },
      { capacity_provider: "FARGATE_SPOT", base: 0, weight: 3 },
    ]);
  });

  it("has its tasks bear the job type's tag, by which their worker may protect them", () => {
    expect(only(jobType, "aws_ecs_service").propagate_tags).toBe("SERVICE");
    expect(jobType.provider.aws[0]?.default_tags).toMatchObject([{ tags: { "job-type": "report" } }]);
    const protect = policies(jobType).flatMap(({ statements }) => statements.filter(({ Sid }) => Sid === "ProtectBusyTasks"));
    expect(protect).toMatchObject([{ Condition: { StringEquals: { "aws:ResourceTag/job-type": "report" } } }]);
  });

  it("deploys anew when its weights change, as ECS takes another strategy only with a new deployment", async () => {
    expect(only(jobType, "aws_ecs_service").force_new_deployment).toBe(true);
    const { jobType: launched } = await synthesized(buildEnvironment({ fargate: { placement: "launch-type" } }), [report]);
    expect(only(launched, "aws_ecs_service")).not.toHaveProperty("force_new_deployment");
  });

  it("keeps the task definition that a failed deployment goes back to", () => {
    expect(only(jobType, "aws_ecs_task_definition").skip_destroy).toBe(true);
  });

  it("has no task stopped to spread them over zones, where the provider knows how", async () => {
    expect(only(jobType, "aws_ecs_service").availability_zone_rebalancing).toBe("DISABLED");
    const old = buildEnvironment({ terraform: { providerVersion: "5.100.0" }, lambda: { runtime: "nodejs22.x" } });
    const { jobType: oldType, platform: oldPlatform } = await synthesized(old);
    expect(only(oldType, "aws_ecs_service")).not.toHaveProperty("availability_zone_rebalancing");
    const { rule } = only(oldPlatform, "aws_s3_bucket_server_side_encryption_configuration");
    expect(rule[0]).not.toHaveProperty("blocked_encryption_types");
  });

  it("is given the time that a job takes when it is destroyed", () => {
    expect(only(jobType, "aws_ecs_service").timeouts).toEqual({ delete: "21m" });
  });

  it("lets its tasks do their work until the last has stopped: the roles' policies are destroyed after the service", () => {
    const policyAddresses = Object.keys(jobType.resource.aws_iam_role_policy ?? {}).map((id) => `aws_iam_role_policy.${id}`);
    expect(policyAddresses).toHaveLength(2);
    expect([...only(jobType, "aws_ecs_service").depends_on].sort()).toEqual(policyAddresses.sort());
  });

  it("keeps images under immutable tags, scanned, encrypted, and not for ever", () => {
    expect(only(jobType, "aws_ecr_repository")).toMatchObject({
      image_tag_mutability: "IMMUTABLE",
      image_scanning_configuration: { scan_on_push: true },
      encryption_configuration: [{ encryption_type: "KMS", kms_key: KEY }],
    });
    expect(JSON.parse(only(jobType, "aws_ecr_lifecycle_policy").policy).rules).toHaveLength(1);
  });

  it("gives every alarm an action", () => {
    const alarms = resources(jobType, "aws_cloudwatch_metric_alarm");
    expect(alarms.map(({ alarm_name }) => alarm_name).sort()).toEqual([
      "jobs-test-report-dead-letters",
      "jobs-test-report-dead-letters-left",
      "jobs-test-report-empty",
      "jobs-test-report-failed-jobs",
      "jobs-test-report-no-worker",
      "jobs-test-report-oldest-message",
      "jobs-test-report-scale-out",
      "jobs-test-report-waits-for-days",
    ]);
    expect(alarms.filter(({ alarm_actions = [] }) => alarm_actions.length !== 1)).toEqual([]);
  });

  it("scales exactly as the scaling model says", () => {
    const { scaleOut, empty, bounds } = scalingFor(report.scaling);
    expect(only(jobType, "aws_appautoscaling_target")).toMatchObject({ min_capacity: 0, max_capacity: bounds.maxCapacity });
    for (const [name, rule] of Object.entries({ "scale-out": scaleOut, empty })) {
      const policy = jobType.resource.aws_appautoscaling_policy?.[`scaling_${name}-policy`]?.step_scaling_policy_configuration;
      expect(policy).toMatchObject({
        adjustment_type: rule.policy.adjustmentType,
        cooldown: rule.policy.cooldown,
        metric_aggregation_type: rule.policy.metricAggregationType,
      });
      const bound = (value: string | undefined) => (value === undefined ? null : Number(value));
      expect(
        policy.step_adjustment.map((step: Record<string, never>) => ({
          metricIntervalLowerBound: bound(step.metric_interval_lower_bound),
          metricIntervalUpperBound: bound(step.metric_interval_upper_bound),
          scalingAdjustment: step.scaling_adjustment,
        })),
      ).toEqual(rule.policy.stepAdjustments);
      const alarm = jobType.resource.aws_cloudwatch_metric_alarm?.[`scaling_${name}-alarm`];
      expect(alarm).toMatchObject({
        comparison_operator: rule.alarm.comparisonOperator,
        threshold: rule.alarm.threshold,
        evaluation_periods: rule.alarm.evaluationPeriods,
        datapoints_to_alarm: rule.alarm.evaluationPeriods,
        treat_missing_data: rule.alarm.treatMissingData,
      });
      expect(alarm?.metric_query.map(({ id, expression }: Record<string, string>) => [id, expression])).toEqual(
        metricQueries(rule.alarm, "queue").map(({ id, expression }) => [id, expression]),
      );
    }
  });

  it("registers itself with its queue and its service", () => {
    const item = JSON.parse(only(jobType, "aws_dynamodb_table_item").item);
    expect(item).toMatchObject({
      registry: { S: "job-types" },
      name: { S: "report" },
      queueUrl: { S: ref("aws_sqs_queue.queue.url") },
      maxTasks: { N: "40" },
      wake: { M: { service: { S: ref("aws_ecs_service.service.name") }, recheckSeconds: { N: "30" } } },
    });
    expect(JSON.parse(item.inputSchema.S)).toMatchObject({ type: "object", required: ["month"] });
  });

  it("has the dead-letter Lambda report failures by message", () => {
    expect(only(jobType, "aws_lambda_event_source_mapping")).toMatchObject({
      event_source_arn: ref("aws_sqs_queue.dead_letter_queue.arn"),
      function_response_types: ["ReportBatchItemFailures"],
    });
  });

  it("describes its variables and outputs, and tags its job type", () => {
    const described = [...Object.values(jobType.variable ?? {}), ...Object.values(jobType.output ?? {})];
    expect(described).toHaveLength(4);
    expect(described.filter(({ description = "" }) => description.length < 10)).toEqual([]);
    expect(JSON.stringify(jobType.provider.aws[0]?.default_tags)).toContain('"job-type":"report"');
  });
});
