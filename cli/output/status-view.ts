import type { JobTypeStatus } from "@autoscaling-job-queues/client/jobs-client";
import { spanOf } from "./quantities.ts";
import { styled } from "./style.ts";
import type { Column } from "./table.ts";
import { pausedLines } from "./type-view.ts";
import { visible } from "./visible.ts";

const count = (value: number | undefined): string => (value === undefined ? "?" : String(value));

export const STATUS_COLUMNS: readonly Column<JobTypeStatus>[] = [
  { title: "TYPE", cell: ({ name }) => visible(name) },
  { title: "WAITING", right: true, cell: ({ waiting }) => count(waiting) },
  { title: "RUNNING", right: true, cell: ({ running }) => count(running) },
  { title: "DELAYED", right: true, cell: ({ delayed }) => count(delayed) },
  { title: "OLDEST", right: true, cell: ({ oldestSeconds }) => (oldestSeconds === undefined ? "" : spanOf(oldestSeconds)) },
  { title: "TASKS", right: true, cell: ({ tasks }) => `${count(tasks.running)}/${tasks.max}` },
  { title: "STARTING", right: true, cell: ({ tasks }) => (tasks.pending === 0 ? "" : count(tasks.pending)) },
  { title: "DEAD", right: true, cell: ({ deadLetters }) => (deadLetters === 0 ? "" : count(deadLetters)) },
  { title: "NOTE", cut: true, cell: noteOf },
];

function noteOf({ paused, workerError, startError, placement, unread = [] }: JobTypeStatus): string {
  if (paused !== undefined) return styled("yellow", "paused");
  if (workerError !== undefined) return styled("red", visible(`workers fail: ${workerError.code}: ${workerError.message}`));
  if (startError !== undefined) return styled("red", visible(`workers do not start: ${startError}`));
  if (placement !== undefined) return styled("yellow", "no place for workers");
  return unread.length === 0 ? "" : visible(`not read: ${unread.join(", ")}`);
}

/** What stands below the row of one type: whatever keeps its jobs from running. */
export function statusNotes(status: JobTypeStatus): string[] {
  const { workerError, startError, placement, unread = [] } = status;
  return [
    ...pausedLines(status),
    ...(workerError === undefined
      ? []
      : [
          styled(
            "red",
            visible(`worker ${workerError.worker} at ${workerError.at}: ${workerError.code}: ${workerError.message}`),
          ),
        ]),
    ...(startError === undefined ? [] : [styled("red", visible(`workers do not start: ${startError}`))]),
    ...(placement === undefined ? [] : [styled("yellow", visible(placement))]),
    ...unread.map((source) => styled("yellow", visible(`could not be read: ${source}`))),
  ];
}
