import { MAX_BATCH_ITEMS, MAX_LIST_PARTITIONS } from "@autoscaling-job-queues/domain/limits";
import { ceilings, metInOrder } from "./capacity-ceilings.ts";
import { DEFAULT_LOAD, EVENTS_PER_JOB, type Load, tasksOf } from "./capacity-load.ts";
import { batchedAdds, launchSeconds, needs, partitionsFor, ROOM } from "./capacity-needs.ts";
import { type Ceiling, count } from "./ceiling.ts";
import * as job from "./job-costs.ts";
import { table, usd } from "./markdown-table.ts";
import { costOf } from "./prices.ts";
import { QUOTAS, QUOTAS_OF, type Quota } from "./quotas.ts";

/** Jobs a second that the index must take, of one type, by its setting; and those that batches add through one API. */
export const TARGET = 10_000;
export const BATCHED = 2_000;
const FIRST = 3;
/** Entries of both indexes that a job has written: two when it is added, two with each change of its state. */
const INDEX_ENTRIES = 2 + job.WORKER_CALLS.busy.updates * job.INDEX_WRITES;

/** A type made for {@link TARGET}: the account's processors are raised to what its tasks need. */
export const LARGE_LOAD: Load = {
  ...DEFAULT_LOAD,
  concurrency: 25,
  vcpus: 1,
  listPartitions: MAX_LIST_PARTITIONS,
  batches: true,
  accountVcpus: 4_200,
};
/** A type whose account has processors, and whose lists are as they are at first. */
const WIDE_ACCOUNT: Load = { ...DEFAULT_LOAD, concurrency: 10, accountVcpus: 1_000, batches: true };

/** `docs/capacity.md`: the same text for the same figures. @param lambdaMebibytes memory of the Lambdas. */
export function capacityDocument(lambdaMebibytes: number): string {
  return `${[intro(), ...first(), ...every(), ...large(), ...batched(), ...others(), ...costs(lambdaMebibytes), ...quotas()].join("\n\n")}\n`;
}

function intro(): string {
  return `# How far it goes

Written by \`npm run capacity\`. It is arithmetic over AWS's quotas, for ${QUOTAS_OF.region}, of ${QUOTAS_OF.collected}, and over what a job takes of
each part; the [quotas](#the-quotas) and their pages stand at the end. A job is one of ${job.ASSUMED.jobSeconds} s that is tried once, whose item has ${job.ASSUMED.itemKilobytes} KB; an attempt
more costs another claim, another end and, in the lists, two more writes. Nothing here was measured in AWS. Smaller regions have
lower quotas, of SNS down to 300 messages a second: look them up before you count on a figure.`;
}

function first(): string[] {
  const loads: [string, Load][] = [
    ["a type as it is by default, in a new account", DEFAULT_LOAD],
    [`1,000 vCPUs, \`concurrency\` ${WIDE_ACCOUNT.concurrency}, added in batches`, WIDE_ACCOUNT],
    ["the same, 12 `listPartitions`", { ...WIDE_ACCOUNT, listPartitions: 12 }],
    [
      `${count(LARGE_LOAD.accountVcpus)} vCPUs, \`concurrency\` ${LARGE_LOAD.concurrency}, ${LARGE_LOAD.listPartitions} \`listPartitions\`, added in batches`,
      LARGE_LOAD,
    ],
  ];
  return [
    "## The first three ceilings",
    "Of the jobs of one type, all of one caller. The lowest comes first; the others do not matter until it is raised.",
    table(
      ["what there is", "first", "second", "third"],
      loads.map(([what, load]) => [what, ...metInOrder(load).slice(0, FIRST).map(ceilingText)]),
    ),
    `Processors come first: a new account has ${QUOTAS.fargateVcpus.value} vCPUs. Then what the environment lets through, ${DEFAULT_LOAD.throttling} requests a second unless it says otherwise, for jobs
that come one by one. Then the lists: all QUEUED jobs of a type are one partition of an index, and an index that is throttled throttles its table. \`listPartitions\` of the job type spreads them ([decision 0040](decisions/0040-list-partitions.md)). From there on it is
quotas that AWS raises for who asks.`,
  ];
}

function ceilingText({ part, jobsPerSecond }: Ceiling): string {
  return `${part}: ${count(jobsPerSecond)}`;
}

function every(): string[] {
  return [
    "## Each part",
    `Jobs a second with the quotas as they are, for a task of ${DEFAULT_LOAD.vcpus} vCPU with one job at a time, one partition, and jobs that are added one by one. *Of*
says what shares the ceiling: a job type, a caller of it, or the account with everything in it.`,
    ceilingTable(ceilings(DEFAULT_LOAD)),
  ];
}

function ceilingTable(rows: readonly Ceiling[]): string {
  return table(
    ["part", "of", "arithmetic", "jobs a second", "what to raise or change"],
    rows.map(({ part, of, arithmetic, jobsPerSecond, change }) => [part, of, arithmetic, count(jobsPerSecond), change]),
  );
}

function large(): string[] {
  const { concurrency, vcpus, jobSeconds, listPartitions } = LARGE_LOAD;
  const running = TARGET * jobSeconds;
  return [
    `## ${count(TARGET)} jobs a second of one type`,
    `Its lists take ${count(TARGET * 2)} writes a second to QUEUED: ${count(TARGET / 500)} partitions if each were full, ${partitionsFor(TARGET)} at ${ROOM * 100}%, which leaves room for uneven seconds, and ${listPartitions}, the most, at ${count(
      (TARGET * 2) / listPartitions,
    )} writes a second each. Even shares are the work of the job ID's last digits, which are random or a hash's; a test counts them on the emulator. RUNNING takes as many,
SUCCEEDED and each caller's list half. ${count(running)} jobs run at a time: ${count(running / concurrency)} tasks of ${vcpus} vCPU with \`concurrency\` ${concurrency}.

What it takes of each part that all jobs meet (those for later have the Scheduler's and KMS's above, too), with these settings and batches. Above 1, the
quota must be raised by so much; near it, ask for more as well: retries, and other types of the account, come on top.`,
    table(
      ["part", "times its ceiling", "what to raise or change"],
      needs(LARGE_LOAD, TARGET).map(({ ceiling, share }) => [
        ceiling.part,
        share < 0.01 ? "under 0.01" : share.toFixed(2),
        share > 0.95 ? ceiling.change : "nothing",
      ]),
    ),
    `A new table takes ${count(QUOTAS.newTableWrites.value)} writes a second at once, and doubles what it had at most within 30 minutes: let the load grow over some hours, or set the table's
warm throughput before.`,
  ];
}

function batched(): string[] {
  const adds = batchedAdds(BATCHED, job.ASSUMED.jobSeconds);
  return [
    `## ${count(BATCHED)} jobs a second through one API`,
    `In batches of ${MAX_BATCH_ITEMS}, each of which keeps a Lambda busy for ${job.ASSUMED.batchMilliseconds / 1_000} s:`,
    table(
      ["what", "arithmetic", "a second", "quota", "enough"],
      [
        need("requests", `${count(BATCHED)} / ${MAX_BATCH_ITEMS}`, adds.requestsPerSecond, QUOTAS.apiRequests.value),
        need(
          "Lambdas at a time",
          `requests · ${job.ASSUMED.batchMilliseconds / 1_000} s`,
          adds.executions,
          QUOTAS.lambdaConcurrency.value,
        ),
        need("writes of the table", "with claims, ends and leases", adds.tableWritesPerSecond, QUOTAS.tableWrites.value),
        need(
          "writes of QUEUED",
          `2 a job, over ${adds.listPartitions} \`listPartitions\``,
          adds.queuedWritesPerSecond,
          adds.listPartitions * QUOTAS.partitionWrites.value,
        ),
        need("events", `${EVENTS_PER_JOB} a job`, adds.eventsPerSecond, QUOTAS.snsMessages.value),
      ],
    ),
    `So no quota of adding has to be raised in ${QUOTAS_OF.region}: \`listPartitions\` is to be ${adds.listPartitions} (at ${ROOM * 100}%), and the environment's \`throttling\` may stay at its default of ${DEFAULT_LOAD.throttling} requests a
second. One by one, ${count(BATCHED)} jobs are ${count(BATCHED)} requests a second and ${count((BATCHED * job.ASSUMED.addMilliseconds) / 1_000)} Lambdas at a time: \`throttling\` must be raised to it. Regions where SNS takes fewer than
${count(adds.eventsPerSecond)} messages a second need that quota raised. A new table needs time or warm throughput here too. What runs the jobs is the rest of this page.`,
  ];
}

function need(what: string, arithmetic: string, value: number, most: number): string[] {
  return [what, arithmetic, count(value), count(most), value <= most ? "yes" : "no"];
}

function others(): string[] {
  const tasks = tasksOf(LARGE_LOAD);
  const { scalableTargets, serviceUpdates, serviceUpdateBurst, taskLaunches, taskLaunchBurst, lambdaScaling } = QUOTAS;
  return [
    "## Ceilings that are no rate of jobs",
    table(
      ["part", "ceiling", "what it means"],
      [
        [
          "ECS, launches",
          `${taskLaunchBurst.value} at once, then ${taskLaunches.value} a second`,
          `${count(500)} tasks after ${count(launchSeconds(500))} s, ${count(tasks)} after ${count(launchSeconds(tasks))} s, and the start of a task`,
        ],
        [
          "ECS, `UpdateService`",
          `${serviceUpdateBurst.value} at once, then ${serviceUpdates.value} a second`,
          "raises of different types: each Lambda looks at a type once in some seconds, however many jobs it adds",
        ],
        [
          "Application Auto Scaling",
          `${count(scalableTargets.value)} scalable targets`,
          "job types of an account, in all environments",
        ],
        [
          "Lambda, scaling",
          `${count(lambdaScaling.value)} more executions every 10 s`,
          `from none, ${count(lambdaScaling.value * QUOTAS.lambdaRequestsPerExecution.value)} requests a second after 10 s`,
        ],
        ["VPC, a /16 in two zones", `${count(2 * (65_536 / 16 - QUOTAS.subnetReserved.value))} addresses`, "tasks at a time"],
      ],
    ),
  ];
}

function costs(lambdaMebibytes: number): string[] {
  const [add, batch, run] = [job.addCosts(lambdaMebibytes), job.batchCosts(lambdaMebibytes), job.runCosts("busy")];
  const logs = add.filter(({ what }) => what === "Logs");
  const single = [...add, ...run];
  const inBatches = [...batch, ...logs, ...run];
  const [ofSingle, ofBatches] = [job.totalOf(single), job.totalOf(inBatches)];
  const writes = 1 + job.WORKER_CALLS.busy.updates + job.leaseRenewals(job.ASSUMED.jobSeconds);
  const smaller = costOf("dynamoDbWrite", writes * (job.ASSUMED.itemKilobytes - 1) * 1e6);
  const renewals = job.totalOf(run.filter(({ what }) => what.startsWith("Lease")));
  const quiet = job.totalOf(logs) * 0.75;
  const steps: [string, number][] = [
    ["added one by one", 0],
    [`added in batches of ${MAX_BATCH_ITEMS}`, ofSingle - ofBatches],
    ["and items of 1 KB: small inputs and results, few tags", smaller],
    [
      "and jobs shorter than a renewal of the lease, or a longer `leaseSeconds`",
      renewals - costOf("dynamoDbWrite", (job.ASSUMED.itemKilobytes - 1) * 1e6),
    ],
    ["and three quarters fewer log lines", quiet],
    ["and no lists, which this system does not offer: no index has an entry", costOf("dynamoDbWrite", INDEX_ENTRIES * 1e6)],
  ];
  let left = ofSingle;
  const rows = steps.map(([what, saved]) => {
    left -= saved;
    return [what, usd(left), `${Math.round((100 * left) / ofSingle)}%`];
  });
  const allWrites = job.ASSUMED.itemKilobytes * writes + INDEX_ENTRIES;
  return [
    "## A million jobs, step by step",
    "Without the containers, from the figures of [costs](costs.md). Every line is one step of a job's way:",
    table(
      ["step", "what is billed", "each", "USD"],
      [
        ...add.map(({ what, units, usd: cost }) => ["add", what, units, usd(cost)]),
        ...run.map(({ what, units, usd: cost }) => ["run", what, units, usd(cost)]),
        ["", "**all**", "", `**${usd(ofSingle)}**`],
      ],
    ),
    "What would halve it; each line comes on top of those before:",
    table(["a million jobs", "USD", "of the first line"], rows),
    `No single change halves it. DynamoDB's writes are ${usd(costOf("dynamoDbWrite", allWrites * 1e6))} of the ${usd(ofSingle)}, and ${INDEX_ENTRIES} of a job's ${count(allWrites)} are entries of the indexes. A batch costs writes
for the ends of its jobs, at most as many as counted here, so it saves less than its requests. The containers weigh more than all of it: see [costs](costs.md#a-million-jobs) for a task
that always runs as many jobs as it may.`,
  ];
}

function quotas(): string[] {
  const rows = Object.values<Quota>(QUOTAS).map(({ value, unit, source, adjustable }) => [
    count(value),
    unit,
    adjustable ? "for who asks" : "no",
    source,
  ]);
  return [
    "## The quotas",
    "The figures are in `scripts/quotas.ts`, each from the page of AWS's documentation that it names.",
    table(["quota", "of", "raised", "page"], rows),
  ];
}
