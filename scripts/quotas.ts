/** A quota of AWS, as its page gives it for a new account. */
export interface Quota {
  readonly value: number;
  readonly unit: string;
  /** The page of AWS's documentation. */
  readonly source: string;
  /** Whether AWS raises it for who asks. */
  readonly adjustable: boolean;
}

/** Where and when the quotas held. Smaller regions have lower ones of API Gateway, SNS, Scheduler, CloudWatch Logs and KMS. */
export const QUOTAS_OF = { region: "us-east-1", collected: "November 2026" } as const;

export const QUOTAS = {
  apiRequests: quota(10_000, "requests a second of an account", "Amazon API Gateway quotas"),
  lambdaConcurrency: quota(1_000, "executions at a time in an account", "Lambda quotas"),
  lambdaRequestsPerExecution: quota(10, "requests a second for each execution at a time", "Lambda quotas", false),
  lambdaScaling: quota(1_000, "more executions every 10 seconds, for each function", "Lambda scaling behavior", false),
  sqsInFlight: quota(120_000, "messages of a queue in flight", "Amazon SQS standard queue quotas"),
  snsMessages: quota(30_000, "messages a second of an account, however many share a call", "Amazon SNS endpoints and quotas"),
  tableWrites: quota(40_000, "writes a second of a table on demand, or of one of its indexes", "Quotas in Amazon DynamoDB"),
  partitionWrites: quota(1_000, "writes a second of a partition", "DynamoDB: best practices for partition keys", false),
  newTableWrites: quota(
    4_000,
    "writes a second that a new table on demand takes at once",
    "DynamoDB on-demand capacity mode",
    false,
  ),
  fargateVcpus: quota(6, "vCPUs at a time in an account", "Amazon ECS endpoints and quotas"),
  tasksPerService: quota(5_000, "tasks of a service", "Amazon ECS endpoints and quotas"),
  taskLaunches: quota(20, "tasks started a second in an account", "AWS Fargate throttling quotas"),
  taskLaunchBurst: quota(100, "tasks started at once in an account", "AWS Fargate throttling quotas"),
  serviceUpdates: quota(5, "updates of services a second in an account", "Request throttling for the Amazon ECS API", false),
  serviceUpdateBurst: quota(50, "updates of services at once in an account", "Request throttling for the Amazon ECS API", false),
  scheduleCreates: quota(5_000, "schedules made a second in an account", "Quotas for Amazon EventBridge Scheduler"),
  scheduleInvocations: quota(1_000, "invocations a second of an account", "Quotas for Amazon EventBridge Scheduler"),
  logPuts: quota(5_000, "calls of PutLogEvents a second in an account", "CloudWatch Logs quotas"),
  scalableTargets: quota(3_000, "scalable targets of ECS in an account", "Quotas for Application Auto Scaling"),
  kmsRequests: quota(100_000, "cryptographic requests a second of an account", "AWS KMS request quotas"),
  subnetReserved: quota(5, "addresses of a subnet that AWS keeps", "Subnet CIDR blocks (Amazon VPC)", false),
} as const satisfies Readonly<Record<string, Quota>>;

function quota(value: number, unit: string, source: string, adjustable = true): Quota {
  return { value, unit, source, adjustable };
}
