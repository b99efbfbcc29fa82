/** What AWS asks for one unit, on demand and without the free tier. */
export interface Price {
  readonly what: string;
  readonly usd: number;
  /** For how many units. */
  readonly per: number;
  readonly unit: string;
}

/** Where and when the prices held. Taxes and transfer to the internet are not part of them. */
export const PRICES_OF = { region: "us-east-1", currency: "USD", collected: "November 2026" } as const;

const MILLION = 1_000_000;

/** From AWS's public price pages of the services. */
export const PRICES = {
  sqsRequest: { what: "SQS", usd: 0.4, per: MILLION, unit: "requests of up to 64 KB" },
  sqsGroupRequest: { what: "SQS, fair queues", usd: 0.5, per: MILLION, unit: "requests for messages that have a group" },
  dynamoDbWrite: { what: "DynamoDB on demand, writes", usd: 0.625, per: MILLION, unit: "writes of 1 KB" },
  dynamoDbRead: { what: "DynamoDB on demand, reads", usd: 0.125, per: MILLION, unit: "consistent reads of 4 KB" },
  snsRequest: { what: "SNS", usd: 0.5, per: MILLION, unit: "publishes of up to 64 KB, batches included" },
  s3Put: { what: "S3 Standard, writes", usd: 5, per: MILLION, unit: "PUT requests" },
  s3Get: { what: "S3 Standard, reads", usd: 0.4, per: MILLION, unit: "GET requests" },
  lambdaRequest: { what: "Lambda, requests", usd: 0.2, per: MILLION, unit: "requests" },
  lambdaGigabyteSecond: { what: "Lambda on arm64, time", usd: 0.0000133334, per: 1, unit: "GB-second" },
  httpApiRequest: { what: "HTTP API", usd: 1, per: MILLION, unit: "requests" },
  schedulerInvocation: { what: "EventBridge Scheduler", usd: 1, per: MILLION, unit: "invocations" },
  kmsRequest: { what: "KMS, requests", usd: 0.03, per: 10_000, unit: "requests" },
  logGigabyte: { what: "CloudWatch Logs, ingestion", usd: 0.5, per: 1, unit: "GB" },
  alarmMetric: { what: "CloudWatch alarm", usd: 0.1, per: 1, unit: "metric and month" },
  dashboard: { what: "CloudWatch dashboard", usd: 3, per: 1, unit: "month" },
  kmsKey: { what: "KMS key", usd: 1, per: 1, unit: "month" },
  natHour: { what: "NAT gateway", usd: 0.045, per: 1, unit: "hour" },
  natGigabyte: { what: "NAT gateway, traffic", usd: 0.045, per: 1, unit: "GB" },
  endpointHour: { what: "Interface endpoint", usd: 0.01, per: 1, unit: "hour and zone" },
  endpointGigabyte: { what: "Interface endpoint, traffic", usd: 0.01, per: 1, unit: "GB" },
  publicAddressHour: { what: "Public IPv4 address", usd: 0.005, per: 1, unit: "hour" },
  fargateArmVcpuHour: { what: "Fargate on arm64, processor", usd: 0.03238, per: 1, unit: "vCPU-hour, a minute at least" },
  fargateArmGigabyteHour: { what: "Fargate on arm64, memory", usd: 0.00356, per: 1, unit: "GB-hour, a minute at least" },
  fargateX86VcpuHour: { what: "Fargate on x86, processor", usd: 0.04048, per: 1, unit: "vCPU-hour, a minute at least" },
  fargateX86GigabyteHour: { what: "Fargate on x86, memory", usd: 0.004445, per: 1, unit: "GB-hour, a minute at least" },
} as const satisfies Readonly<Record<string, Price>>;

export type PriceName = keyof typeof PRICES;

/** Dollars for so many units. */
export function costOf(name: PriceName, units: number): number {
  const { usd, per } = PRICES[name];
  return (units / per) * usd;
}
