import { JOB_STATUSES, type Job, TERMINAL_STATUSES } from "@autoscaling-job-queues/domain/job";
import type { TaskCounts } from "../aws/task-counts.ts";
import { styled } from "../text-style.ts";
import { counted, seconds, textTable } from "../text-table.ts";
import type { AddedJob } from "./checks.ts";
import type { Download } from "./files.ts";
import { mostTasks, workerChart } from "./worker-chart.ts";

const CHART_COLUMNS = 48;
const RESULT_CHARACTERS = 64;

export interface DemoOutcome {
  /** As they ended. */
  readonly jobs: readonly Job[];
  readonly counts: TaskCounts;
  readonly downloads: readonly Download[];
  /** Epoch milliseconds: when the first job was sent, and when all was over. */
  readonly from: number;
  readonly to: number;
}

/** Per type: how many jobs ended how, how long they waited for a worker from when they were due, and how long they ran. */
export function outcomeTable(jobs: readonly Job[]): string[] {
  const ends = JOB_STATUSES.filter((status) => TERMINAL_STATUSES.has(status));
  const head = ["type", "jobs", ...ends.map((status) => status.toLowerCase()), "wait p50", "wait max", "run p50", "run max"];
  const rows = typesOf(jobs).map((type) => {
    const ofType = jobs.filter((job) => job.type === type);
    const waits = ofType.flatMap(({ createdAt, runAt, startedAt }) => between(runAt ?? createdAt, startedAt));
    const runs = ofType.flatMap(({ startedAt, finishedAt }) => between(startedAt, finishedAt));
    return [
      type,
      String(ofType.length),
      ...ends.map((status) => String(ofType.filter((job) => job.status === status).length)),
      ...[waits, runs].flatMap((times) =>
        times.length === 0 ? ["-", "-"] : [seconds(median(times)), seconds(Math.max(...times))],
      ),
    ];
  });
  return textTable([head.map((title) => styled("dim", title)), ...rows]);
}

/** The number of workers of each type over time. */
export function workerCharts({ jobs, counts, from, to }: DemoOutcome): string[] {
  const types = typesOf(jobs);
  const highest = Math.max(1, ...types.map((type) => mostTasks(counts.history(type))));
  const rows = types.map((type) => {
    const history = counts.history(type);
    const chart = workerChart(history, { from, to, columns: CHART_COLUMNS, highest });
    return [type, styled("cyan", chart), `0 → ${mostTasks(history)} → ${counts.running(type)}`];
  });
  return textTable(rows);
}

/** The result of one job of each type that has one, on one line. */
export function resultLines(added: readonly AddedJob[]): string[] {
  const samples = added.filter(({ job }) => job.status === "SUCCEEDED" && job.result !== undefined);
  return textTable(
    [...Map.groupBy(samples, ({ job }) => job.type)].map(([type, ofType]) => [type, shortResult(ofType.at(-1)?.job.result)]),
    2,
  ).map((line) => line.trimEnd());
}

/** A result as JSON, cut where a line ends, with each file as its name. */
export function shortResult(result: unknown): string {
  const json = JSON.stringify(result, (_, value: unknown) => {
    const { key, bytes, contentType } = (value ?? {}) as Readonly<Record<string, unknown>>;
    return typeof key === "string" && contentType !== undefined
      ? `${key.slice(key.lastIndexOf("/") + 1)}, ${bytes} bytes`
      : value;
  });
  return json.length <= RESULT_CHARACTERS ? json : `${json.slice(0, RESULT_CHARACTERS - 1)}…`;
}

/** Where the files are, one line per type. */
export function fileLines(downloads: readonly Download[], folder: string): string[] {
  return textTable(
    [...Map.groupBy(downloads, ({ type }) => type)].map(([type, files]) => {
      const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
      return [`${folder}/${type}/`, counted(files.length, "file"), `${(bytes / 1_000).toFixed(0)} kB`];
    }),
  );
}

function typesOf(jobs: readonly Job[]): string[] {
  return [...new Set(jobs.map(({ type }) => type))].sort();
}

function between(from: string | undefined, to: string | undefined): number[] {
  return from === undefined || to === undefined ? [] : [Date.parse(to) - Date.parse(from)];
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (low + high) / 2;
}
