import { MAX_BATCH_ITEMS, MAX_LIST_PARTITIONS } from "@autoscaling-job-queues/domain/limits";
import {
  ADD_ENTRIES,
  addresses,
  EVENTS_PER_JOB,
  indexWrites,
  KMS_REQUESTS_OF_LATER_JOB,
  LOG_PUTS_PER_TASK,
  type Load,
  QUEUED_WRITES,
  SUBNET,
  tableWrites,
} from "./capacity-load.ts";
import { type Ceiling, count, limited, unlimited } from "./ceiling.ts";
import { ASSUMED } from "./job-costs.ts";
import { QUOTAS } from "./quotas.ts";

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
    limited({
      part: "HTTP API, the environment's `throttling`",
      of: "account",
      quota: { ...QUOTAS.apiRequests, value: throttling },
      times: [[perRequest, "jobs a request"]],
      change: `the setting, to ${count(QUOTAS.apiRequests.value)}; add in batches`,
    }),
    limited({
      part: "HTTP API",
      of: "account",
      quota: QUOTAS.apiRequests,
      times: [[perRequest, "jobs a request"]],
      change: "add in batches; the quota",
    }),
    limited({
      part: "Lambda `add-job`",
      of: "account",
      quota: QUOTAS.lambdaConcurrency,
      times: [
        [round(requestsOfExecution), "requests a second each"],
        [perRequest, "jobs a request"],
      ],
      change: "add in batches; the quota, and `lambda.reservedConcurrency`",
    }),
    unlimited({
      part: "SQS, calls",
      of: "type",
      arithmetic: "AWS says: nearly unlimited",
      change: "nothing",
      source: "Amazon SQS message quotas",
    }),
    limited({
      part: "SQS, in flight",
      of: "type",
      quota: QUOTAS.sqsInFlight,
      by: [[jobSeconds, "s of a job"]],
      change: "the quota; shorter jobs",
    }),
    limited({
      part: "Jobs table",
      of: "account",
      quota: QUOTAS.tableWrites,
      by: [[writes, "writes a job"]],
      change: "the quota; items of 1 KB; jobs shorter than a renewal of the lease",
    }),
    limited({
      part: "Index by type and status, all of it",
      of: "account",
      quota: QUOTAS.tableWrites,
      by: [[indexWrites(), "writes a job"]],
      change: "the quota",
    }),
    limited({
      part: "Index by type and status, QUEUED",
      of: "type",
      quota: QUOTAS.partitionWrites,
      times: [[listPartitions, "partitions"]],
      by: [[QUEUED_WRITES, "writes a job"]],
      change: `\`listPartitions\`, to ${MAX_LIST_PARTITIONS}: ${count((MAX_LIST_PARTITIONS * ofPartition) / QUEUED_WRITES)}`,
    }),
    limited({
      part: "Index by owner",
      of: "caller",
      quota: QUOTAS.partitionWrites,
      times: [[listPartitions, "partitions"]],
      by: [[ADD_ENTRIES, "write a job"]],
      change: `\`listPartitions\`, to ${MAX_LIST_PARTITIONS}: ${count((MAX_LIST_PARTITIONS * ofPartition) / ADD_ENTRIES)}`,
    }),
    unlimited({
      part: "A batch's item",
      of: "type",
      arithmetic: `each batch has its own, written ${MAX_BATCH_ITEMS} times in its life at most`,
      change: "nothing",
      source: QUOTAS.partitionWrites.source,
    }),
    limited({
      part: "SNS",
      of: "account",
      quota: QUOTAS.snsMessages,
      by: [[EVENTS_PER_JOB, "events a job"]],
      change: "the quota, which counts messages: batches of them share calls, and save none",
    }),
    limited({
      part: "Fargate, processors",
      of: "account",
      quota: { ...QUOTAS.fargateVcpus, value: accountVcpus },
      times: [[perTask, "jobs a second of a task"]],
      by: [[vcpus, "vCPU a task"]],
      change: "the quota, and the environment's `fargate.maxVcpus`; `concurrency`; shorter jobs",
    }),
    limited({
      part: "ECS, tasks of a service",
      of: "type",
      quota: QUOTAS.tasksPerService,
      times: [[perTask, "jobs a second of a task"]],
      change: "`concurrency`; shorter jobs; a second type",
    }),
    {
      ...limited({
        part: "VPC addresses",
        of: "account",
        quota: QUOTAS.subnetReserved,
        change: "a /16, three zones, or a network of your own",
      }),
      arithmetic: `${SUBNET.zones} subnets · (${count(SUBNET.addresses)} − ${QUOTAS.subnetReserved.value}) addresses · ${perTask} jobs a second of a task`,
      jobsPerSecond: addresses() * perTask,
    },
    limited({
      part: "CloudWatch Logs",
      of: "account",
      quota: QUOTAS.logPuts,
      times: [[perTask, "jobs a second of a task"]],
      by: [[LOG_PUTS_PER_TASK, "call a second of a task"]],
      change: "the quota; more `concurrency`, so fewer tasks",
    }),
    limited({
      part: "EventBridge Scheduler, made",
      of: "account",
      isForLater: true,
      quota: QUOTAS.scheduleCreates,
      by: [[1, "schedule a job that is due later"]],
      change: "the quota",
    }),
    limited({
      part: "EventBridge Scheduler, due",
      of: "account",
      isForLater: true,
      quota: QUOTAS.scheduleInvocations,
      by: [[1, "invocation a job that is due later"]],
      change: "the quota; spread `runAt`",
    }),
    limited({
      part: "KMS",
      of: "account",
      isForLater: true,
      quota: QUOTAS.kmsRequests,
      by: [[KMS_REQUESTS_OF_LATER_JOB, "requests a job that is due later; others share data keys"]],
      change: "the quota",
    }),
  ];
}

/** The ceilings that all jobs meet and that AWS puts a number to, the lowest first. */
export function metInOrder(load: Load): Ceiling[] {
  return ceilings(load)
    .filter(({ isForLater, jobsPerSecond }) => !isForLater && Number.isFinite(jobsPerSecond))
    .toSorted((a, b) => a.jobsPerSecond - b.jobsPerSecond);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
