import type { TaskCount } from "../aws/task-counts.ts";

const LEVELS = ["·", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;

export interface ChartSpan {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly columns: number;
  /** The count that the full height stands for. */
  readonly highest: number;
}

/** Task counts over time as one line of text: a dot is none, and a column shows the most of its time. */
export function workerChart(history: readonly TaskCount[], { from, to, columns, highest }: ChartSpan): string {
  const width = (to - from) / columns;
  return Array.from({ length: columns }, (_, column) => {
    const start = from + column * width;
    const before = history.findLast(({ at }) => at <= start)?.running ?? 0;
    const within = history.filter(({ at }) => at > start && at < start + width).map(({ running }) => running);
    const most = Math.max(before, ...within);
    return LEVELS[most === 0 ? 0 : Math.max(1, Math.round((most / highest) * (LEVELS.length - 1)))];
  }).join("");
}

export function mostTasks(history: readonly TaskCount[]): number {
  return Math.max(0, ...history.map(({ running }) => running));
}
