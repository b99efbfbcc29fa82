import type { ContainerSettings } from "@autoscaling-job-queues/domain/job-type";
import { type Column, tableLines } from "../../cli/output/table.ts";
import type { PlayedSettings, Proposal } from "../../scaling/simulator/propose-settings.ts";
import { taskHour } from "../job-costs.ts";
import { duration } from "./rows.ts";

/** Rows of the frontier that are shown, from the shortest wait to the lowest cost. */
const SHOWN = 10;

/** A wait of more starts of a task than this is not for the start. */
const MANY_STARTS = 3;

interface Choice {
  readonly name: string;
  readonly played: PlayedSettings;
}

/** What `--target-wait` prints: the settings as an author writes them, and what they and others cost. */
export function proposalText(
  { best, quickest, given, frontier, most }: Proposal,
  targetP95: number,
  {
    patterns,
    startSeconds,
    container,
  }: { readonly patterns: string; readonly startSeconds: number; readonly container: ContainerSettings },
): string {
  const usdHour = taskHour(container.cpu, container.memoryMiB, "ARM64");
  const every = Math.max(1, Math.ceil(frontier.length / SHOWN));
  const choices: Choice[] = [
    ...(best === undefined ? [] : [{ name: "proposed", played: best }]),
    { name: "given", played: given },
    ...frontier.filter((_, index) => index % every === 0).map((played) => ({ name: "", played })),
  ];
  const columns: Column<Choice>[] = [
    { title: "", cell: ({ name }) => name },
    { title: "backlogPerTask", cell: ({ played }) => String(played.scaling.backlogPerTask), right: true },
    { title: "maxTasks", cell: ({ played }) => String(played.scaling.maxTasks), right: true },
    { title: "idleMinutes", cell: ({ played }) => String(played.scaling.idleMinutes), right: true },
    { title: "wait p95", cell: ({ played }) => duration(played.waitP95), right: true },
    { title: "task-hours", cell: ({ played }) => played.taskHours.toFixed(2), right: true },
    { title: "USD", cell: ({ played }) => (played.taskHours * usdHour).toFixed(2), right: true },
  ];
  const reason =
    quickest.waitP95 > MANY_STARTS * startSeconds
      ? `that is
as fast as ${most} tasks are. To wait less, give a larger maxTasks to try, more jobs at a time to a task, or shorter jobs.`
      : `a task
takes about ${duration(startSeconds)} to start. To wait less, keep tasks running: scaling.minTasks or scaling.warm in deployment.ts.`;
  const answer =
    best === undefined
      ? `No settings have 95 of 100 jobs wait at most ${duration(targetP95)} on ${patterns}. The shortest wait is ${duration(quickest.waitP95)}: ${reason}`
      : `For 95 of 100 jobs to wait at most ${duration(targetP95)} on ${patterns}:

  scaling: { ${Object.entries(best.scaling)
    .map(([name, value]) => `${name}: ${value}`)
    .join(", ")} }`;
  return `${answer}\n\n${tableLines(columns, choices, 200).join("\n")}`;
}
