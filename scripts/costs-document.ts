import { JOB_RETENTION_DAYS, MAX_BATCH_ITEMS, MAX_WAIT_SECONDS, OBJECT_DAYS } from "@autoscaling-job-queues/domain/limits";
import type { CostStacks } from "./cost-stacks.ts";
import { HOURS_PER_MONTH, type IdleCost, idleCosts, idleTotal } from "./idle-costs.ts";
import * as job from "./job-costs.ts";
import { table, usd } from "./markdown-table.ts";
import { costOf, PRICES, PRICES_OF } from "./prices.ts";

const WHAT_REMAINS: Readonly<Record<CostStacks["network"], string>> = {
  existing: "a key, a dashboard and alarms; the network is yours",
  public: "a key, a dashboard and alarms; a public address for each running task",
  "private-with-nat": "one NAT gateway and its address",
  "private-with-endpoints": "an interface endpoint per service and zone",
};

/** The short table of the README: what each network costs when nothing runs. */
export function idleTable(all: readonly CostStacks[]): string {
  const rows = all.map(({ network, platform }) => [`\`${network}\``, usd(idleTotal(platform)), WHAT_REMAINS[network]]);
  return table(["network", "idle platform, USD a month", "most of it"], rows);
}

/** What one more job type costs a month when nothing runs. */
export function idleJobType(all: readonly CostStacks[]): string {
  return usd(Math.max(...all.flatMap(({ jobTypes }) => jobTypes.map(({ stack }) => idleTotal(stack)))));
}

/** `docs/costs.md`: the same text for the same stacks. */
export function costsDocument(all: readonly CostStacks[]): string {
  return `${[intro(), ...idle(all), ...perJob(all), notCounted(), prices()].join("\n\n")}\n`;
}

function intro(): string {
  const { currency, region, collected } = PRICES_OF;
  return `# Costs

Written by \`npm run costs\`. It counts what is in the Terraform that synth writes, for two zones and the job types of this
repository. Prices are on demand, in ${currency}, for ${region}, of ${collected}, without the free tier and without taxes.`;
}

function idle(all: readonly CostStacks[]): string[] {
  const [first] = all;
  if (first === undefined) throw new Error("costs need at least one network");
  const jobTypes = first.jobTypes.map(({ jobType, stack }) => {
    const [metrics, polls] = ["Metrics that alarms watch", "Queues that Lambda polls, at most"].map(
      (what) => idleCosts(stack).find((cost) => cost.what === what)?.usd ?? 0,
    );
    return [`\`${jobType.name}\``, usd(metrics ?? 0), usd(polls ?? 0), usd(idleTotal(stack))];
  });
  return [
    "## Idle: a month without a job",
    "The platform, by the network of its tasks:",
    table(
      ["network", "what", "number", "USD a month"],
      all.flatMap(({ network, platform }) => [
        ...idleCosts(platform).map(({ what, count, usd: cost }: IdleCost) => [`\`${network}\``, what, String(count), usd(cost)]),
        [`**\`${network}\`**`, "**all**", "", `**${usd(idleTotal(platform))}**`],
      ]),
    ),
    "Each job type, whatever the network:",
    table(["job type", "alarms", "polling of its dead-letter queue, at most", "all"], jobTypes),
    `Tables, topics, queues, Lambdas, the API, the cluster and services without tasks cost nothing while they are not used. Stored
data costs extra: jobs for a little over ${JOB_RETENTION_DAYS} days after their end, objects for up to ${Math.max(...Object.values(OBJECT_DAYS))}, images, logs for as long as the environment keeps them.`,
  ];
}

function perJob(all: readonly CostStacks[]): string[] {
  const lambda = lambdaMebibytes(all);
  const add = job.addCosts(lambda);
  const [busy, alone] = [job.runCosts("busy"), job.runCosts("alone")];
  const containers = (all[0]?.jobTypes ?? []).map(({ jobType, stack }) => {
    const { cpu, memory, architecture } = taskOf(stack);
    const hour = job.taskHour(cpu, memory, architecture);
    const shape = `${cpu / 1_024} vCPU, ${memory / 1_024} GB`;
    return [
      `\`${jobType.name}\``,
      shape,
      String(jobType.concurrency),
      hour.toFixed(4),
      usd(job.taskCosts(hour, jobType.concurrency)),
    ];
  });
  const lines = (costs: readonly job.CostLine[]) => costs.map(({ what, units, usd: cost }) => [what, units, usd(cost)]);
  return [
    "## A million jobs",
    `A job of ${job.ASSUMED.jobSeconds} s whose item has ${job.ASSUMED.itemKilobytes} KB. The calls of the worker are those that \`npm run bench\` measures under load: 2.4 a job.
A job that comes alone, with no batch to share, takes 6.`,
    table(["to add a million jobs", "each", "USD"], [...lines(add), ["**all**", "", `**${usd(job.totalOf(add))}**`]]),
    table(
      ["to run a million jobs", "each, under load", "USD", "each, alone", "USD"],
      [
        ...busy.map(({ what, units, usd: cost }, index) => {
          const other = alone[index];
          return [what, units, usd(cost), other?.units ?? "", usd(other?.usd ?? 0)];
        }),
        ["**all**", "", `**${usd(job.totalOf(busy))}**`, "", `**${usd(job.totalOf(alone))}**`],
      ],
    ),
    table(
      ["for some", "each", "USD a million"],
      [
        ...lines(job.payloadCosts()).map(([what = "", ...rest]) => [`${what}: input and result past 4 KiB`, ...rest]),
        [
          `Jobs added in batches of ${MAX_BATCH_ITEMS}, instead of one by one; their ends, in the batch, included, logs not`,
          "0.1 sends, 0.1 publishes, 6 writes",
          usd(job.totalOf(job.batchCosts(lambda))),
        ],
        [
          "Jobs that come seconds after the last, beside the above: whoever adds one counts the messages",
          "1 SQS request",
          usd(job.totalOf(job.countCosts())),
        ],
        ["`GET /jobs/{id}`", "HTTP API, Lambda, a read", usd(job.totalOf(job.queryCosts(lambda)))],
        [
          `\`GET /jobs/{id}?waitSeconds=${MAX_WAIT_SECONDS}\` that waits to its end`,
          `HTTP API, ${MAX_WAIT_SECONDS} s of the Lambda, ${job.waitCosts(lambda).at(-1)?.units}`,
          usd(job.totalOf(job.waitCosts(lambda))),
        ],
        [
          "A job that is due later than in a minute, beside the above",
          "EventBridge Scheduler, 3 requests to KMS, Lambda",
          usd(job.totalOf(job.laterCosts(lambda))),
        ],
        ["Traffic through a NAT gateway", `${job.ASSUMED.networkKilobytes} KB`, usd(job.trafficCost("natGigabyte"))],
        ["Traffic through interface endpoints", `${job.ASSUMED.networkKilobytes} KB`, usd(job.trafficCost("endpointGigabyte"))],
      ],
    ),
    `The containers come on top. With tasks that always run as many jobs as they may, each ${job.ASSUMED.jobSeconds} s long:`,
    table(["job type", "task", "jobs at a time", "USD for a task's hour", "USD for a million jobs"], containers),
    `In the network \`public\`, a running task costs ${usd(costOf("publicAddressHour", 1), 3)} an hour more for its address. A task that starts from zero runs for at least
\`idleMinutes\` after its last job: jobs that come singly cost a few minutes of a task each. Fargate Spot is cheaper; its
prices change.`,
  ];
}

function notCounted(): string {
  return `## Not counted

- CloudWatch's custom metrics: Container Insights of the cluster, and the application's own. They are billed by the hour in which
  they come, so mostly while tasks run.
- X-Ray traces of the Lambdas: the first request of each second and 5% of the others.
- Other requests to KMS, and the first two yearly rotations of the key, each of which costs as much again as the key. Queues reuse a data key for an hour, and the bucket has a key of its own.
- VPC flow logs, which grow with connections. Storage of every kind. Transfer to the internet.`;
}

function prices(): string {
  const rows = Object.values(PRICES).map(({ what, usd: cost, per, unit }) => [
    what,
    String(cost),
    per === 1 ? unit : `${per.toLocaleString("en-US")} ${unit}`,
  ]);
  return `## Prices

A month has ${HOURS_PER_MONTH} hours. The figures are in \`scripts/prices.ts\`, from AWS's price pages, ${PRICES_OF.collected}.

${table(["what", "USD", "for"], rows)}`;
}

/** Memory of the largest Lambda, in MiB. */
export function lambdaMebibytes([first]: readonly CostStacks[]): number {
  const lambdas = Object.values(first?.platform.resource.aws_lambda_function ?? {});
  return Math.max(...lambdas.map(({ memory_size: size }) => size as number));
}

function taskOf(stack: CostStacks["platform"]) {
  const [task] = Object.values(stack.resource.aws_ecs_task_definition ?? {});
  if (task === undefined) throw new Error("a job type's stack has no task definition");
  const { cpu_architecture: architecture } = task.runtime_platform as { readonly cpu_architecture: "ARM64" | "X86_64" };
  return { cpu: Number(task.cpu), memory: Number(task.memory), architecture };
}
