import { MAX_BATCH_ITEMS, MAX_WAIT_SECONDS } from "@autoscaling-job-queues/domain/limits";
import { nextReadMs } from "../handlers/jobs/job-wait.ts";
import { costOf, type PriceName } from "./prices.ts";

/** Dollars for a million of something. */
export interface CostLine {
  readonly what: string;
  readonly units: string;
  readonly usd: number;
}

const MILLION = 1_000_000;

/** What the figures assume; everything else is counted or measured. */
export const ASSUMED = {
  /** A job's item with its input and result, in KB: DynamoDB bills every write by the whole item. */
  itemKilobytes: 2,
  addMilliseconds: 50,
  /** Of 300 jobs. */
  batchMilliseconds: 2_000,
  /** A batch's item, with its numbers. */
  batchKilobytes: 2,
  queryMilliseconds: 20,
  /** Of the API's access log, the Lambda and the worker. */
  logKilobytes: 2,
  /** To and from SQS, SNS and CloudWatch Logs; DynamoDB and S3 have free endpoints. */
  networkKilobytes: 10,
  jobSeconds: 10,
  leaseSeconds: 30,
} as const;

/**
 * AWS calls of the worker for one job. `busy` is what `npm run bench` measures under load, 2.4 in all: ten jobs share a receive,
 * a publish and a delete. `alone` is a job that shares with no other.
 */
export const WORKER_CALLS = {
  busy: { receives: 0.1, updates: 2, publishes: 0.2, deletes: 0.1 },
  alone: { receives: 1, updates: 2, publishes: 2, deletes: 1 },
} as const;

/** How seldom the worker looks for cancel requests, in seconds, and how often in a lease it renews it. */
const CANCEL_POLL_SECONDS = 2;
const RENEWALS_PER_LEASE = 3;
/** A change of status moves the entry of the listing index: one deleted, one put, less than 1 KB each. */
export const INDEX_WRITES = 2;

/** To add a million jobs: send the ID, put the item and its entries in both indexes, publish version 1. */
export function addCosts(lambdaMebibytes: number): CostLine[] {
  return [
    ...requestCosts(lambdaMebibytes, ASSUMED.addMilliseconds),
    line("SQS", "sqsGroupRequest", "1 send", 1),
    line("DynamoDB", "dynamoDbWrite", `${ASSUMED.itemKilobytes} + 2 writes`, ASSUMED.itemKilobytes + 2),
    line("SNS", "snsRequest", "1 publish", 1),
    line("Logs", "logGigabyte", `${ASSUMED.logKilobytes} KB, with those of the worker`, ASSUMED.logKilobytes / 1e6),
  ];
}

/** To add a million jobs in batches, as many in each as it may have; and what its batch costs a job when it ends. */
export function batchCosts(lambdaMebibytes: number): CostLine[] {
  const share = 1 / MAX_BATCH_ITEMS;
  return [
    ...requestCosts(lambdaMebibytes, ASSUMED.batchMilliseconds, share),
    line("SQS", "sqsGroupRequest", "0.1 sends", 0.1),
    line("DynamoDB", "dynamoDbWrite", `${ASSUMED.itemKilobytes} + 2 writes`, ASSUMED.itemKilobytes + 2),
    line("SNS", "snsRequest", "0.1 publishes", 0.1),
    line("Ends, in the batch", "dynamoDbWrite", `${ASSUMED.batchKilobytes} writes at most`, ASSUMED.batchKilobytes),
  ];
}

/** To run a million jobs, without the containers. */
export function runCosts(load: keyof typeof WORKER_CALLS): CostLine[] {
  const { receives, updates, publishes, deletes } = WORKER_CALLS[load];
  const writes = updates * (ASSUMED.itemKilobytes + INDEX_WRITES);
  const renewals = leaseRenewals(ASSUMED.jobSeconds);
  const looks = Math.floor(ASSUMED.jobSeconds / CANCEL_POLL_SECONDS);
  const sqs = receives + deletes;
  return [
    line("SQS", "sqsGroupRequest", `${sqs} requests: receive, delete`, sqs),
    line("DynamoDB", "dynamoDbWrite", `${writes} writes: claim, finish`, writes),
    line("SNS", "snsRequest", `${publishes} publishes`, publishes),
    line("Lease, in DynamoDB", "dynamoDbWrite", `${renewals} renewal`, renewals * ASSUMED.itemKilobytes),
    line("Lease, in SQS", "sqsGroupRequest", `${renewals} renewal`, renewals),
    // An eventually consistent read is half a read.
    line("Looks for a cancel request", "dynamoDbRead", `${looks} half reads`, looks / 2),
  ];
}

/** How often a job's lease is renewed while it runs. */
export function leaseRenewals(jobSeconds: number): number {
  return Math.floor((jobSeconds * RENEWALS_PER_LEASE) / ASSUMED.leaseSeconds);
}

/** To answer a million `GET /jobs/{id}`. */
export function queryCosts(lambdaMebibytes: number): CostLine[] {
  return [
    ...requestCosts(lambdaMebibytes, ASSUMED.queryMilliseconds),
    line("DynamoDB", "dynamoDbRead", "1 read", Math.ceil(ASSUMED.itemKilobytes / 4)),
  ];
}

/** To have a million `GET /jobs/{id}` wait for as long as they can. */
export function waitCosts(lambdaMebibytes: number): CostLine[] {
  const waitMs = MAX_WAIT_SECONDS * 1_000;
  let reads = 1;
  for (let at = 0; at < waitMs; at = nextReadMs(at, waitMs)) reads += 1;
  return [
    ...requestCosts(lambdaMebibytes, waitMs + ASSUMED.queryMilliseconds),
    line("DynamoDB", "dynamoDbRead", `${reads} reads`, reads * Math.ceil(ASSUMED.itemKilobytes / 4)),
  ];
}

/** A million counts of the messages of a queue, by whoever adds jobs: one in some seconds of each Lambda instance that does, at most. */
export function countCosts(): CostLine[] {
  return [line("SQS", "sqsRequest", "1 request", 1)];
}

/** What a million jobs cost more that are due later than in a minute: a schedule that the key encrypts, and the Lambda that it invokes. */
export function laterCosts(lambdaMebibytes: number): CostLine[] {
  return [
    line("EventBridge Scheduler", "schedulerInvocation", "1 invocation", 1),
    line("KMS", "kmsRequest", "3 requests: a data key, and two decryptions", 3),
    ...lambdaCosts(lambdaMebibytes, ASSUMED.queryMilliseconds),
  ];
}

/** For a million jobs whose input and result are past 4 KiB: each is written once, and read once by worker or caller. */
export function payloadCosts(): CostLine[] {
  return [line("S3 writes", "s3Put", "2 PUT requests", 2), line("S3 reads", "s3Get", "2 GET requests", 2)];
}

/** Dollars for an hour of one task. */
export function taskHour(cpuUnits: number, memoryMebibytes: number, architecture: "ARM64" | "X86_64"): number {
  const [vcpu, gigabyte]: [PriceName, PriceName] =
    architecture === "ARM64"
      ? ["fargateArmVcpuHour", "fargateArmGigabyteHour"]
      : ["fargateX86VcpuHour", "fargateX86GigabyteHour"];
  return costOf(vcpu, cpuUnits / 1_024) + costOf(gigabyte, memoryMebibytes / 1_024);
}

/** Dollars for the containers of a million jobs, where every task always runs as many as it may. */
export function taskCosts(hour: number, concurrency: number): number {
  return (MILLION * ASSUMED.jobSeconds * hour) / 3_600 / concurrency;
}

/** Dollars for what a million jobs send through a NAT gateway or interface endpoints. */
export function trafficCost(price: "natGigabyte" | "endpointGigabyte"): number {
  return costOf(price, (MILLION * ASSUMED.networkKilobytes) / 1e6);
}

export function totalOf(lines: readonly CostLine[]): number {
  return lines.reduce((sum, { usd }) => sum + usd, 0);
}

/** @param share of a request that a job has. */
function requestCosts(lambdaMebibytes: number, milliseconds: number, share = 1): CostLine[] {
  return [line("HTTP API", "httpApiRequest", requestsOf(share), share), ...lambdaCosts(lambdaMebibytes, milliseconds, share)];
}

function lambdaCosts(lambdaMebibytes: number, milliseconds: number, share = 1): CostLine[] {
  const gigabyteSeconds = (share * lambdaMebibytes * milliseconds) / 1_024 / 1_000;
  return [
    line("Lambda, requests", "lambdaRequest", requestsOf(share), share),
    line("Lambda, time", "lambdaGigabyteSecond", `${milliseconds} ms of ${lambdaMebibytes} MiB`, gigabyteSeconds),
  ];
}

function requestsOf(share: number): string {
  return share === 1 ? "1 request" : `1 request for ${1 / share}`;
}

function line(what: string, price: PriceName, units: string, unitsPerJob: number): CostLine {
  return { what, units, usd: costOf(price, unitsPerJob * MILLION) };
}
