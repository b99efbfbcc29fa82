import { styleText } from "node:util";
import type { JobStatus } from "@autoscaling-job-queues/client/job";

export type Format = Parameters<typeof styleText>[0];

/** A stream that is written to, as far as styles depend on it. */
type Stream = NodeJS.WriteStream;

/** Colors on a terminal that wants them, plain text elsewhere (`NO_COLOR`, `FORCE_COLOR`). */
export function styled(format: Format, text: string, stream: Stream = process.stdout): string {
  return styleText(format, text, { stream });
}

const STATUS_FORMATS: Readonly<Record<JobStatus, Format>> = {
  QUEUED: "dim",
  RUNNING: "cyan",
  SUCCEEDED: "green",
  FAILED: "red",
  CANCELLED: "yellow",
};

export function styledStatus(status: JobStatus): string {
  return styled(Object.hasOwn(STATUS_FORMATS, status) ? STATUS_FORMATS[status] : "reset", status);
}
