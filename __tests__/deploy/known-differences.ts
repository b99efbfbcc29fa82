/** What moto answers otherwise than AWS, so that a second plan wants to change it again. */
export interface KnownDifference {
  readonly address: string;
  readonly attribute: string;
  /** What moto does. */
  readonly reason: string;
}

const LAMBDAS = [
  "add-job",
  "cancel-job",
  "control",
  "create-upload",
  "dead-letter",
  "on-complete",
  "query-job",
  "schedule",
  "why",
];

/** Of the platform's stack. */
export const PLATFORM_DIFFERENCES: readonly KnownDifference[] = [
  ...LAMBDAS.map((name) => ({
    address: `aws_lambda_function.${name}_function`,
    attribute: "kms_key_arn",
    reason: "GetFunction does not return KMSKeyArn",
  })),
  ...["on-complete", "schedule"].map((name) => ({
    address: `aws_lambda_function.${name}_function`,
    attribute: "dead_letter_config",
    reason: "GetFunction does not return DeadLetterConfig",
  })),
];

/** Of each job type's stack. */
export const JOB_TYPE_DIFFERENCES: readonly KnownDifference[] = [
  {
    address: "aws_appautoscaling_target.scaling_target",
    attribute: "tags_all",
    reason: "scalable targets have no tags",
  },
  {
    address: "aws_ecs_service.service",
    attribute: "availability_zone_rebalancing",
    reason: "DescribeServices does not return availabilityZoneRebalancing",
  },
  {
    address: "aws_ecs_service.service",
    attribute: "enable_ecs_managed_tags",
    reason: "DescribeServices does not return enableECSManagedTags",
  },
  {
    address: "aws_sqs_queue.queue",
    attribute: "redrive_policy",
    reason: "GetQueueAttributes returns the policy with other white space",
  },
];

/** As `plannedDifferences` writes them. */
export function differenceLines(differences: readonly KnownDifference[]): string[] {
  return differences.map(({ address, attribute }) => `update ${address} ${attribute}`).sort();
}
