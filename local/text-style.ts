import { styleText } from "node:util";
import type { JobStatus } from "@autoscaling-job-queues/domain/job";

type Format = Parameters<typeof styleText>[0];

/** Colors on a terminal that wants them, plain text elsewhere (`NO_COLOR`, `FORCE_COLOR`). */
export function styled(format: Format, text: string): string {
  return styleText(format, text, { stream: process.stdout });
}

const STATUS_FORMATS: Readonly<Record<JobStatus, Format>> = {
  QUEUED: "dim",
  RUNNING: "cyan",
  SUCCEEDED: "green",
  FAILED: "red",
  CANCELLED: "yellow",
};

export function styledStatus(status: JobStatus): string {
  return styled(STATUS_FORMATS[status], status);
}

/** The time of day on this machine, such as "14:03:07". */
export function clockTime(date: Date): string {
  return date.toTimeString().slice(0, 8);
}
