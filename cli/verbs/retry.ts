import { UsageError } from "../cli-error.ts";
import { FILTER_OPTIONS, hasFilters } from "../input/filters.ts";
import { defineVerb } from "../verb.ts";
import { CHANGE_OPTIONS, type Change, type ChangeOptions, changeJobs } from "./change-jobs.ts";

export const RETRY: Change = {
  word: "Retry",
  done: "added anew",
  change: async (client, id, options) => await client.retry(id, options),
  passedBy: new Set(["JobNotFound"]),
};

export const retryVerb = defineVerb<ChangeOptions, [string[]]>({
  name: "retry",
  summary: "do ended jobs again, by ID or all that meet filters",
  details:
    "Each is added anew, as a job with the same input, files and tags. A job that was retried is not retried twice: repeated, the same new job is shown, so the command may be run again after Ctrl-C. With filters, FAILED jobs are meant unless --status says otherwise; they are counted and shown, and the command asks before it begins.",
  arguments: [{ name: "[id...]", description: "IDs of jobs; - reads them from what is piped in" }],
  options: [...FILTER_OPTIONS, ...CHANGE_OPTIONS],
  examples: [
    { command: "jobs retry canary_01JCQ8N6V4W2X9Y7Z5T3R1P0MK", does: "do a job again" },
    { command: "jobs retry --type canary --created-after 1d --dry-run", does: "see what failed since yesterday" },
    { command: "jobs retry --type canary --error-code JobTimeout --rate 5 --yes", does: "retry what timed out, 5 a second" },
  ],
  run: async (cli, [ids], options) => {
    const { status } = options;
    const open = status?.find((one) => one === "QUEUED" || one === "RUNNING");
    if (open !== undefined)
      throw new UsageError(`jobs that are ${open} have not ended; --status may be FAILED, CANCELLED or SUCCEEDED`);
    const filters = hasFilters(options) ? { ...options, status: status ?? (["FAILED"] as const) } : options;
    return await changeJobs(cli, ids, filters, RETRY);
  },
});
