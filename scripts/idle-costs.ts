import { costOf, type PriceName } from "./prices.ts";

/** A stack as synth writes it, as far as it is counted here. */
export interface StackJson {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

/** Something that costs money while nothing runs. */
export interface IdleCost {
  readonly what: string;
  readonly count: number;
  /** A month. */
  readonly usd: number;
}

/** Hours of a month, as AWS's own examples count them. */
export const HOURS_PER_MONTH = 730;
/**
 * Lambda polls an idle queue in long polls of at most 20 s, with five pollers, later fewer (Lambda: scaling of SQS event source
 * mappings; SQS quotas). Five are the most that it can cost.
 */
const POLLS_PER_HOUR = 5 * 3 * 60;

interface Counted {
  readonly what: string;
  readonly price: PriceName;
  /** Units of one in a month. */
  readonly units: number;
  readonly count: (stack: StackJson) => number;
}

const COUNTED: readonly Counted[] = [
  { what: "KMS keys", price: "kmsKey", units: 1, count: ofType("aws_kms_key") },
  { what: "Dashboards", price: "dashboard", units: 1, count: ofType("aws_cloudwatch_dashboard") },
  { what: "Metrics that alarms watch", price: "alarmMetric", units: 1, count: alarmMetrics },
  { what: "Interface endpoints, in each zone", price: "endpointHour", units: HOURS_PER_MONTH, count: endpointZones },
  { what: "NAT gateways", price: "natHour", units: HOURS_PER_MONTH, count: ofType("aws_nat_gateway") },
  { what: "Public IPv4 addresses", price: "publicAddressHour", units: HOURS_PER_MONTH, count: ofType("aws_eip") },
  {
    what: "Queues that Lambda polls, at most",
    price: "sqsRequest",
    units: POLLS_PER_HOUR * HOURS_PER_MONTH,
    count: ofType("aws_lambda_event_source_mapping"),
  },
];

/** What a stack costs in a month without a job, by what is in it; only what it has is listed. */
export function idleCosts(stack: StackJson): IdleCost[] {
  return COUNTED.map(({ what, price, units, count }) => {
    const found = count(stack);
    return { what, count: found, usd: costOf(price, found * units) };
  }).filter(({ count }) => count > 0);
}

/** Dollars a month. */
export function idleTotal(stack: StackJson): number {
  return idleCosts(stack).reduce((sum, { usd }) => sum + usd, 0);
}

function ofType(type: string): (stack: StackJson) => number {
  return (stack) => resources(stack, type).length;
}

function resources({ resource }: StackJson, type: string) {
  return Object.values(resource[type] ?? {});
}

/** An alarm on an expression is billed by the metrics in it. */
function alarmMetrics(stack: StackJson): number {
  return resources(stack, "aws_cloudwatch_metric_alarm")
    .map(({ metric_query: queries }) =>
      Array.isArray(queries) ? queries.filter(({ metric }) => metric !== undefined).length : 1,
    )
    .reduce((sum, metrics) => sum + metrics, 0);
}

/** An interface endpoint is billed in each subnet that it is in; gateway endpoints are free. */
function endpointZones(stack: StackJson): number {
  return resources(stack, "aws_vpc_endpoint")
    .filter(({ vpc_endpoint_type: type }) => type === "Interface")
    .map(({ subnet_ids: subnets }) => (subnets as readonly string[]).length)
    .reduce((sum, zones) => sum + zones, 0);
}
