import { MAX_BATCH_ITEMS, MAX_LIST_PARTITIONS } from "@autoscaling-job-queues/domain/limits";
import { ASSUMED, INDEX_WRITES, leaseRenewals, WORKER_CALLS } from "./job-costs.ts";
import { QUOTAS, type Quota } from "./quotas.ts";

/** A job type, and how its jobs come. */
export interface Load {
  /** Of a job, from its claim to its end. */
  readonly jobSeconds: number;
  /** Jobs that a task runs at a time. */
  readonly concurrency: number;
  /** vCPUs of a task. */
  readonly vcpus: number;
  readonly listPartitions: number;
  /** Whether they are added in batches of as many as one may have. */
  readonly batches: boolean;
  /** Requests a second that the environment lets through: its `throttling`. */
  readonly throttling: number;
  /** vCPUs that the account's tasks may have together. */
  readonly accountVcpus: number;
}

/** What a job type has by default, in a new account. */
export const DEFAULT_LOAD: Load = {
  jobSeconds: ASSUMED.jobSeconds,
  concurrency: 1,
  vcpus: 0.25,
  listPartitions: 1,
  batches: false,
  throttling: 100,
  accountVcpus: QUOTAS.fargateVcpus.value,
};

/** One part of the system, and how many jobs a second it takes. */
export interface Ceiling {
  readonly part: string;
  readonly arithmetic: string;
  /** Jobs a second; infinite where AWS names no quota. */
  readonly jobsPerSecond: number;
  /** Whose: one job type's, one caller's of a type, or all of the account. */
  readonly of: "type" | "caller" | "account";
  readonly change: string;
  readonly quota: Quota;
}

/** Events of a job that is tried once: added, claimed, ended. */
export const EVENTS_PER_JOB = 3;
/** Entries that a job leaves in the index by type and status when it is added, and in the one by owner. */
const ADD_ENTRIES = 1;
/** Writes of a job to the partitions of QUEUED: its entry is put there and taken away. */
export const QUEUED_WRITES = 2;
/** A /16 in two zones; each subnet takes a sixteenth. */
const SUBNET = { addresses: 65_536 / 16, zones: 2 } as const;
/** A task's log goes out about once a second, as the driver collects lines. */
const LOG_PUTS_PER_TASK = 1;
const KMS_REQUESTS_OF_LATER_JOB = 3;

/** Writes of the table itself for one job: it is billed by the whole item. */
export function tableWrites(jobSeconds: number): number {
  const updates = WORKER_CALLS.busy.updates + leaseRenewals(jobSeconds);
  return (1 + updates) * ASSUMED.itemKilobytes;
}

/** Writes of the index by type and status for one job. */
export function indexWrites(): number {
  return ADD_ENTRIES + WORKER_CALLS.busy.updates * INDEX_WRITES;
}

/** Tasks that a type may have: its service's, the account's processors', and the network's. */
export function tasksOf({ vcpus, accountVcpus }: Load): number {
  return Math.min(QUOTAS.tasksPerService.value, Math.floor(accountVcpus / vcpus), addresses());
}

function addresses(): number {
  return SUBNET.zones * (SUBNET.addresses - QUOTAS.subnetReserved.value);
}

/** Every part with its ceiling under a load, in the order in which a job meets it. */
export function ceilings(load: Load): Ceiling[] {
  const { jobSeconds, concurrency, vcpus, listPartitions, batches, throttling, accountVcpus } = load;
  const perRequest = batches ? MAX_BATCH_ITEMS : 1;
  const lambdaSeconds = (batches ? ASSUMED.batchMilliseconds : ASSUMED.addMilliseconds) / 1_000;
  const requestsOfExecution = Math.min(1 / lambdaSeconds, QUOTAS.lambdaRequestsPerExecution.value);
  const writes = tableWrites(jobSeconds);
  const perTask = concurrency / jobSeconds;
  const { value: ofPartition } = QUOTAS.partitionWrites;
  return [
    row(
      "HTTP API, the environment's `throttling`",
      "account",
      { ...QUOTAS.apiRequests, value: throttling },
      [[perRequest, "jobs a request"]],
      [],
      `the setting, to ${count(QUOTAS.apiRequests.value)}; add in batches`,
    ),
    row("HTTP API", "account", QUOTAS.apiRequests, [[perRequest, "jobs a request"]], [], "add in batches; the quota"),
    row(
      "Lambda `add-job`",
      "account",
      QUOTAS.lambdaConcurrency,
      [
        [round(requestsOfExecution), "requests a second each"],
        [perRequest, "jobs a request"],
      ],
      [],
      "add in batches; the quota, and `lambda.reservedConcurrency`",
    ),
    unlimited("SQS, calls", "type", "AWS says: nearly unlimited", "nothing", "Amazon SQS message quotas"),
    row("SQS, in flight", "type", QUOTAS.sqsInFlight, [], [[jobSeconds, "s of a job"]], "the quota; shorter jobs"),
    row(
      "Jobs table",
      "account",
      QUOTAS.tableWrites,
      [],
      [[writes, "writes a job"]],
      "the quota; items of 1 KB; jobs shorter than a renewal of the lease",
    ),
    row("Index by type and status, all of it", "account", QUOTAS.tableWrites, [], [[indexWrites(), "writes a job"]], "the quota"),
    row(
      "Index by type and status, QUEUED",
      "type",
      QUOTAS.partitionWrites,
      [[listPartitions, "partitions"]],
      [[QUEUED_WRITES, "writes a job"]],
      `\`listPartitions\`, to ${MAX_LIST_PARTITIONS}: ${count((MAX_LIST_PARTITIONS * ofPartition) / QUEUED_WRITES)}`,
    ),
    row(
      "Index by owner",
      "caller",
      QUOTAS.partitionWrites,
      [[listPartitions, "partitions"]],
      [[ADD_ENTRIES, "write a job"]],
      `\`listPartitions\`, to ${MAX_LIST_PARTITIONS}: ${count((MAX_LIST_PARTITIONS * ofPartition) / ADD_ENTRIES)}`,
    ),
    unlimited(
      "A batch's item",
      "type",
      `each batch has its own, written ${MAX_BATCH_ITEMS} times in its life at most`,
      "nothing",
      QUOTAS.partitionWrites.source,
    ),
    row(
      "SNS",
      "account",
      QUOTAS.snsMessages,
      [],
      [[EVENTS_PER_JOB, "events a job"]],
      "the quota, which counts messages: batches of them share calls, and save none",
    ),
    row(
      "Fargate, processors",
      "account",
      { ...QUOTAS.fargateVcpus, value: accountVcpus },
      [[perTask, "jobs a second of a task"]],
      [[vcpus, "vCPU a task"]],
      "the quota, and the environment's `fargate.maxVcpus`; `concurrency`; shorter jobs",
    ),
    row(
      "ECS, tasks of a service",
      "type",
      QUOTAS.tasksPerService,
      [[perTask, "jobs a second of a task"]],
      [],
      "`concurrency`; shorter jobs; a second type",
    ),
    {
      ...row("VPC addresses", "account", QUOTAS.subnetReserved, [], [], "a /16, three zones, or a network of your own"),
      arithmetic: `${SUBNET.zones} subnets · (${count(SUBNET.addresses)} − ${QUOTAS.subnetReserved.value}) addresses · ${perTask} jobs a second of a task`,
      jobsPerSecond: addresses() * perTask,
    },
    row(
      "CloudWatch Logs",
      "account",
      QUOTAS.logPuts,
      [[perTask, "jobs a second of a task"]],
      [[LOG_PUTS_PER_TASK, "call a second of a task"]],
      "the quota; more `concurrency`, so fewer tasks",
    ),
    row(
      "EventBridge Scheduler, made",
      "account",
      QUOTAS.scheduleCreates,
      [],
      [[1, "schedule a job that is due later"]],
      "the quota",
    ),
    row(
      "EventBridge Scheduler, due",
      "account",
      QUOTAS.scheduleInvocations,
      [],
      [[1, "invocation a job that is due later"]],
      "the quota; spread `runAt`",
    ),
    row(
      "KMS",
      "account",
      QUOTAS.kmsRequests,
      [],
      [[KMS_REQUESTS_OF_LATER_JOB, "requests a job that is due later; others share data keys"]],
      "the quota",
    ),
  ];
}

/** The ceilings that the jobs of one type meet, one after the other: the lowest first. Jobs for later are apart. */
export function metInOrder(load: Load): Ceiling[] {
  const everyJob = ceilings(load).filter(
    ({ arithmetic, jobsPerSecond }) => !arithmetic.includes("due later") && Number.isFinite(jobsPerSecond),
  );
  return everyJob.toSorted((a, b) => a.jobsPerSecond - b.jobsPerSecond);
}

type Factor = readonly [value: number, unit: string];

function row(
  part: string,
  of: Ceiling["of"],
  quota: Quota,
  times: readonly Factor[],
  by: readonly Factor[],
  change: string,
): Ceiling {
  const product = times.reduce((result, [value]) => result * value, quota.value);
  const jobsPerSecond = by.reduce((result, [value]) => result / value, product);
  const said = [
    ...times.filter(([value]) => value !== 1).map((factor) => ["·", ...factor] as const),
    ...by.map((factor) => ["/", ...factor] as const),
  ];
  const arithmetic = [count(quota.value), ...said.map(([sign, value, unit]) => `${sign} ${count(value)} ${unit}`)].join(" ");
  return { part, of, quota, change, arithmetic, jobsPerSecond };
}

function unlimited(part: string, of: Ceiling["of"], arithmetic: string, change: string, source: string): Ceiling {
  const quota = { value: Number.POSITIVE_INFINITY, unit: arithmetic, source, adjustable: false };
  return { part, of, quota, change, arithmetic, jobsPerSecond: Number.POSITIVE_INFINITY };
}

/** A number as people read it. */
export function count(value: number): string {
  return Number.isFinite(value) ? value.toLocaleString("en-US", { maximumFractionDigits: value < 10 ? 2 : 0 }) : "no quota";
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
