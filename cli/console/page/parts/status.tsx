/** A job's or a batch's state: a color and its word, never the color alone. */
export function Status({ status }: { readonly status: string }) {
  return <span class={`status status-${status.toLowerCase()}`}>{STATUS_WORDS[status] ?? status.toLowerCase()}</span>;
}

const STATUS_WORDS: Readonly<Record<string, string>> = {
  QUEUED: "Queued",
  RUNNING: "Running",
  SUCCEEDED: "Succeeded",
  FAILED: "Failed",
  CANCELLED: "Cancelled",
  OPEN: "Open",
  COMPLETE: "Complete",
};

export const JOB_STATUSES: readonly string[] = ["QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"];

export function statusWord(status: string): string {
  return STATUS_WORDS[status] ?? status;
}
