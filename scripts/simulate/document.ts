import { PATTERNS } from "../../scaling/simulator/arrivals.ts";
import { comparePattern, type PatternResult, type PolicyResult } from "../../scaling/simulator/compare.ts";
import { proposeSettings } from "../../scaling/simulator/propose-settings.ts";
import { taskHour } from "../job-costs.ts";
import { QUOTAS } from "../quotas.ts";
import type { SimulateArguments } from "./arguments.ts";
import { MOMENTS, plotOf } from "./plot.ts";
import { duration, MEDIAN_RATIO, verdictsOf, WORST_RATIO } from "./rows.ts";

export const SIMULATION_DOCUMENT = "docs/simulation.md";

/** Patterns of which the document shows plots. */
const PLOTTED = ["spikes", "burst"];
/** What settings are proposed for in the document. */
const PROPOSED = { pattern: "spikes", targetWait: 60 };

/** What docs/simulation.md and its plots are to say, by file: the same for the same program. */
export async function simulationDocuments({ scenario, container }: SimulateArguments): Promise<Readonly<Record<string, string>>> {
  const results = PATTERNS.map((pattern) =>
    comparePattern(pattern, scenario, PLOTTED.includes(pattern.name) ? pattern.until / MOMENTS : 0),
  );
  const hourPrice = taskHour(container.cpu, container.memoryMiB, "ARM64");
  const plots = results.filter(({ pattern }) => PLOTTED.includes(pattern.name));
  const parts = [
    intro({ scenario, container }),
    ...plots.map(
      ({ pattern }) => `![${pattern.description}: jobs that wait, and tasks, by policy](pictures/simulation-${pattern.name}.svg)`,
    ),
    "## What jobs wait\n\nThe time that 95 of 100 jobs wait at most, from their addition to the start of the attempt that ends them:",
    policyTable(results, ({ figures }) => duration(figures.waitP95)),
    "Who waits 0.0 s has a task that always runs, and pays for it in the next table. A start takes longer or shorter than its mean by chance.",
    `## What tasks cost\n\nTask-hours, each ${usd(hourPrice)} USD here, and for this system their price:`,
    policyTable(results, ({ figures }) => hours(figures.taskHours), [
      "USD",
      ({ ours }) => usd(ours.figures.taskHours * hourPrice),
    ]),
    verdicts(results),
    settings({ scenario, container }),
    ORACLE,
    bounds(results),
    RACES,
    MODEL,
    POLICIES,
  ];
  const pictures = await Promise.all(
    plots.map(async (result) => [`docs/pictures/simulation-${result.pattern.name}.svg`, await plotOf(result)] as const),
  );
  return { [SIMULATION_DOCUMENT]: `${parts.join("\n\n")}\n`, ...Object.fromEntries(pictures) };
}

function intro({ scenario, container }: Pick<SimulateArguments, "scenario" | "container">): string {
  const { scaling, world, jobSeconds } = scenario;
  const own = Object.entries(scaling)
    .map(([name, value]) => `\`${name}: ${value}\``)
    .join(", ");
  return `# The scaling, simulated

Written by \`npm run simulate -- --docs\`. \`npm run simulate\` plays arrival patterns against the scaling of this system (on the very
functions that Terraform is generated from), against what people would use instead, and against an oracle. It calls nothing and reads no
clock: the same arguments print the same. For a type of your own, or settings, and arrivals of your own:

\`\`\`sh
npm run simulate -- document --arrivals working-day
npm run simulate -- maxTasks=20,backlogPerTask=5 --arrivals arrivals.csv --job-seconds 12 --svg plots
npm run simulate -- document --arrivals arrivals.csv --target-wait 30   # which settings?
\`\`\`

A file of arrivals has a line for each job: the second at which it comes and, where that is known, how long it runs, such as \`12.5,30\`.
Logs of what adds your jobs today have all of it.

Here: jobs of ${jobSeconds} s on average, most shorter and a few much longer (log-normal, as much variation as mean), ${world.concurrency} at a time on a task of
${container.cpu / 1_024} vCPU and ${container.memoryMiB / 1_024} GB that takes ${world.startSeconds} s to start, with ${own}. Peers have the same \`maxTasks\`, and \`backlogPerTask\` as their
target. Of eleven courses of chance for each pattern, the one in the middle by what our tasks cost beyond the work is shown.

${table(
  ["pattern", "what comes", "over", "before"],
  PATTERNS.map(({ name, description, until, afterRest }) => [
    `\`${name}\``,
    description,
    `${until / 3_600} h`,
    afterRest ? "a rest of six hours or more" : "the queue was in use",
  ]),
)}`;
}

function policyTable(
  results: readonly PatternResult[],
  cell: (result: PolicyResult) => string,
  more?: readonly [head: string, cell: (result: PatternResult) => string],
): string {
  const [first] = results;
  if (first === undefined) throw new Error("there are no results");
  const heads = [first.ours, first.before, ...first.peers].map(({ policy }) => policy.name);
  return table(
    ["pattern", ...heads, "oracle", ...(more === undefined ? [] : [more[0]])],
    results.map((result) => [
      `\`${result.pattern.name}\``,
      ...[result.ours, result.before, ...result.peers].map(cell),
      result.oracle === undefined ? "" : cell(result.oracle),
      ...(more === undefined ? [] : [more[1](result)]),
    ]),
  );
}

function verdicts(results: readonly PatternResult[]): string {
  const rest = results.find(({ pattern }) => pattern.name === "burst-after-rest");
  if (rest === undefined) throw new Error("there is no burst after a rest");
  const rows = verdictsOf(results).map(({ what, bar, measured, met }) => [what, bar, measured, met ? "met" : "**missed**"]);
  return `## What it is held to

At our own p95 wait, our task-hours by those of the oracle: at most ${MEDIAN_RATIO} on the median of the patterns, and ${WORST_RATIO} at worst.

${table(["what", "bar", "measured", ""], rows)}

What is missed has one cause, which is not in the alarms' rules: a task that idles is stopped when a metric says so.

- *A lone job* needs a minute of Fargate. Here its task also idles until CloudWatch has seen a whole minute without a message, which is two to
  three minutes after the job where the queue was in use, and up to a quarter of an hour later where it had been at rest: SQS then
  begins to report up to 15 minutes late. Workers have no right to lower the count, and one that ended by itself would be replaced. The job
  itself does not wait for it, and the idle task serves the next one at once.
- *A burst after a rest* pays the same for every task that it started: ${hours(rest.ours.figures.taskHours)} task-hours, where without the fast path they are
  ${hours(rest.before.figures.taskHours)}, as the alarms start tasks late, too, and jobs wait ${duration(rest.before.figures.waitP95)} instead of ${duration(rest.ours.figures.waitP95)}. The same burst on a queue that was called in the last six hours meets
  the bar (\`burst\`). A call on each queue every five hours would keep its metrics awake; EventBridge Scheduler cannot make it by itself
  (its universal targets take no \`Get…\`), so it would take a Lambda: [decision 0038](decisions/0038-simulator.md) has the reasons for not doing it yet.`;
}

function settings({ scenario, container }: Pick<SimulateArguments, "scenario" | "container">): string {
  const pattern = PATTERNS.filter(({ name }) => name === PROPOSED.pattern);
  const { best, frontier } = proposeSettings(pattern, scenario, PROPOSED.targetWait);
  const price = taskHour(container.cpu, container.memoryMiB, "ARM64");
  const rows = frontier.map(({ scaling, waitP95, taskHours }) => [
    String(scaling.backlogPerTask),
    String(scaling.idleMinutes),
    duration(waitP95),
    hours(taskHours),
    usd(taskHours * price),
  ]);
  const { backlogPerTask, maxTasks, idleMinutes } = best?.scaling ?? scenario.scaling;
  return `## Which settings?

\`npm run simulate -- <type> --target-wait ${PROPOSED.targetWait} --arrivals ${PROPOSED.pattern}\` tries out \`backlogPerTask\` and \`idleMinutes\`, takes the cheapest pair with which 95 of 100 jobs wait
no longer, and then the smallest \`maxTasks\` that does not change that. Here it proposes \`backlogPerTask: ${backlogPerTask}\`, \`maxTasks: ${maxTasks}\`, \`idleMinutes: ${idleMinutes}\`.
Choices are played on other courses of chance than those above. Without \`--arrivals\` it plays a working day. What else there is to choose
(nothing here both waits longer and costs more than another):

${table(["`backlogPerTask`", "`idleMinutes`", "wait p95", "task-hours", "USD"], rows)}

A backlog of some jobs for each task keeps all tasks busy, so it is cheap and waits; one job for each task waits little, and pays for tasks that
start for a single job. No settings make the first job wait less than a task takes to start: for that, keep tasks running (\`minTasks\` or
\`warm\` in \`deployment.ts\`).`;
}

const ORACLE = `## The oracle

It sees every arrival at once, and knows how long each job takes, but nothing of what comes later. Its tasks start as slowly as ours, are
launched at the same rate, are as many at most, and are billed for a minute at least. Given a p95 wait it has the fewest task-hours that this rule
can have:

- At each arrival it plays all known jobs to their ends on the slots that it has, in order. Where a job would start later than \`wait\`, it
  launches one more task, as late as the job allows, and not where the known work is less than \`worth\` for each task.
- Whichever task is fullest gets the next job, so that others fall idle. An idle task is stopped at once, but for the rest of its billed minute.
- \`wait\`, \`worth\` and how long idle tasks are kept are searched for in hindsight, for these very arrivals, under the one condition that the
  p95 wait is met. No policy could choose them so. This makes the oracle stronger than the rule alone, and us no better than we are.
- The first task takes as long to start for it as for the others, and so does each further one. Where one of the others waits no longer and has fewer
  task-hours than the rule, the oracle's course is that one's.

It is a rule, not a proof of the least. How much there could be below it is bounded by the work: nobody, not even who knows what comes, has
fewer task-hours than the jobs' lengths by the jobs at a time.`;

function bounds(results: readonly PatternResult[]): string {
  const rows = results.flatMap(({ pattern, jobs, least, oracle, ours }) =>
    oracle === undefined
      ? []
      : [
          [
            `\`${pattern.name}\``,
            String(jobs),
            hours(least),
            (oracle.figures.taskHours / least).toFixed(2),
            (ours.figures.taskHours / least).toFixed(2),
          ],
        ],
  );
  return table(["pattern", "jobs", "task-hours of the work alone", "oracle by the work", "this system by the work"], rows);
}

const MODEL = `## What the world is like

| what | here | from |
| --- | --- | --- |
| queue metrics | a sample a minute, up to a minute late; none after six hours without a call, and then up to 15 minutes until they come again | Amazon SQS: available CloudWatch metrics |
| the queue's own attributes | at once | \`GetQueueAttributes\`; in truth approximate, and consistent within a minute of the last change |
| alarms, policies | \`evaluateScaling\` of \`scaling/\`, once a minute; scale-in is suspended during a deployment | CloudWatch, Application Auto Scaling |
| start of a task | log-normal, a fifth of variation, \`--start-seconds\` on average; the first quarter, before the image pull, is not billed | measured by others: 53 to 62 s for an image of 413 MB (elasticscale.com, 2024); ours are smaller |
| launches | ${QUOTAS.taskLaunchBurst.value} at once, then ${QUOTAS.taskLaunches.value} a second | AWS Fargate: throttling quotas |
| scale-in | tasks that start go first, then those without protection; a worker is protected while it has jobs and 5 s longer | Amazon ECS: task scale-in protection; \`worker/task-protection.ts\` |
| refused protection | where as many are protected as are wanted, the task takes no more jobs | \`DEPLOYMENT_BLOCKED\` |
| peers' scale-in | SIGTERM, 30 s, SIGKILL; the job comes back after its visibility timeout | Amazon ECS: stopTimeout |
| Spot (\`--spot\`) | warning, two minutes, end; jobs in hand go back at once | Fargate Spot |
| receives | the longest waiting job first, by any task with a free slot, at once | a simplification: SQS keeps no order |
| price | Fargate on arm64, a minute at least | \`scripts/prices.ts\` |
| \`UpdateService\` | ${QUOTAS.serviceUpdateBurst.value} at once, ${QUOTAS.serviceUpdates.value} a second | Amazon ECS: request throttling |`;

const RACES = `## Races of the fast path

\`__tests__/scaling/simulator/fast-path-races.test.ts\` plays rushes at random, with up to 200 Lambdas, a deployment under way, \`UpdateService\` throttled to
nothing, and a pause of the type. In all of them the count is never above \`maxTasks\`, no raise lowers it, a type is raised once a second at most, a paused
type stays asleep, and each job runs in the end: where all calls are refused, by the alarms, minutes later. A raise has messages in the queue to be for. The
empty alarm undoes none whose messages have been there for as long as metrics are late, two minutes; one that idle minutes before it still hold may be
undone once, and the scale-out alarm starts its tasks again ([decision 0011](decisions/0011-late-metrics.md)).`;

const POLICIES = `## The policies

| policy | as documented | source |
| --- | --- | --- |
| this system | scale-out alarm from \`scaleOutDepth\` messages on, exact capacities by \`backlogPerTask\`; an empty alarm after \`idleMinutes\`; and the fast path, which [operations](operations.md#why-does-nothing-run) calls the wake call: a Lambda that adds a job reads the queue's attributes every one to five seconds at most, and the one that holds the type's lease raises the count to what the policy would set, once a second at most, as long as more messages come. Twenty Lambdas share the adds | \`scaling/\`, \`handlers/jobs/wake.ts\` |
| without fast path | the same, but an add raises 0 to 1, and the alarms do the rest | \`scaling/\` |
| CDK queue processing | steps on visible messages: +1 from 100, +5 from 500, −1 at none, over five minutes; CPU held at 50%; at least one task | [QueueProcessingFargateService](https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_ecs_patterns.QueueProcessingFargateService.html) |
| Copilot worker | a Lambda writes the visible messages by running tasks once a minute; target tracking, cooldowns of 60 s out and 120 s in; at least one task | [worker service](https://aws.github.io/copilot-cli/docs/manifest/worker-service/), \`backlog-per-task-calculator.js\` |
| backlog per task | target tracking on visible messages by running tasks, by metric math; cooldowns of 300 s; at least one task, as there is no backlog per task without one | [Application Auto Scaling](https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking-metric-math.html) |
| KEDA SQS scaler | polls every 30 s, in-flight messages counted, 0 to 1 and after 300 s of nothing back; between, the pod autoscaler every 15 s: twice as many or four more at the most, down to the most of five minutes. Nodes are taken for granted | [KEDA](https://keda.sh/docs/latest/scalers/aws-sqs/), [HorizontalPodAutoscaler](https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/) |

Target tracking is three minutes above the target for out, 15 below nine tenths of it for in, in proportion. Peers protect no busy task: a job that
is cut off waits until its message comes back, and its wait counts until the start that ends it. CPU is the share of slots that have a job.`;

function hours(value: number): string {
  return value.toFixed(value < 1 ? 3 : 2);
}

function usd(value: number): string {
  return value.toFixed(value < 0.1 ? 4 : 2);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
