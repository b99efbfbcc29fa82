import { UsageError } from "../cli-error.ts";
import { FILTER_OPTIONS, hasFilters } from "../input/filters.ts";
import { defineVerb } from "../verb.ts";
import { CHANGE_OPTIONS, type Change, type ChangeOptions, changeJobs } from "./change-jobs.ts";

const CANCEL: Change = {
  word: "Cancel",
  done: "cancelled or asked to stop",
  change: async (client, id, options) => await client.cancel(id, options),
  passedBy: new Set(["JobAlreadyEnded", "JobNotFound"]),
};

export const cancelVerb = defineVerb<ChangeOptions, [string[]]>({
  name: "cancel",
  summary: "cancel jobs, by ID or all that meet filters",
  details:
    "Jobs that run are asked to stop, and may take a while: jobs wait waits for them. With filters, those that wait or run are meant unless --status says otherwise; they are counted and shown, and the command asks before it begins.",
  arguments: [{ name: "[id...]", description: "IDs of jobs; - reads them from what is piped in" }],
  options: [...FILTER_OPTIONS, ...CHANGE_OPTIONS],
  examples: [
    { command: "jobs cancel canary_01JCQ8N6V4W2X9Y7Z5T3R1P0MK", does: "cancel a job" },
    { command: "jobs cancel --type canary --tag team:docs --dry-run", does: "see which would be cancelled" },
    { command: "jobs cancel --type canary --status QUEUED --yes", does: "cancel all that wait, without a question" },
  ],
  run: async (cli, [ids], options) => {
    const { status } = options;
    const ended = status?.find((one) => one !== "QUEUED" && one !== "RUNNING");
    if (ended !== undefined) throw new UsageError(`jobs that are ${ended} have ended; --status may be QUEUED or RUNNING`);
    const filters = hasFilters(options) ? { ...options, status: status ?? (["QUEUED", "RUNNING"] as const) } : options;
    return await changeJobs(cli, ids, filters, CANCEL);
  },
});
