import type { Job } from "@autoscaling-job-queues/client/job";
import { UsageError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import { FILTER_OPTIONS, type FilterOptions, filteredJobs } from "../input/filters.ts";
import { numberIn } from "../input/numbers.ts";
import { JOB_COLUMNS } from "../output/job-view.ts";
import { defineVerb } from "../verb.ts";

interface ListOptions extends FilterOptions {
  readonly limit?: number;
  readonly all?: true;
}

const DEFAULT_LIMIT = 100;

export const listVerb = defineVerb<ListOptions>({
  name: "list",
  summary: "list jobs, newest first",
  details: `Shows ${DEFAULT_LIMIT} unless --limit or --all says otherwise. As JSON, jobs come one a line, as they are read.`,
  options: [
    ...FILTER_OPTIONS,
    { flags: "-n, --limit <n>", description: "at most so many", parse: numberIn({ min: 1, max: 1_000_000 }) },
    { flags: "--all", description: "all of them" },
  ],
  examples: [
    { command: "jobs list --type canary --status FAILED --created-after 1d", does: "what failed since yesterday" },
    { command: "jobs list --tag team:docs --all --json | jq -r .id", does: "all IDs, one a line" },
    { command: "jobs list --status FAILED --error-code JobTimeout", does: "by the error" },
  ],
  run: async ({ client, out, signal }, _, { limit, all, ...filters }) => {
    if (limit !== undefined && all === true) throw new UsageError("--limit and --all are both given; give one");
    const most = all === true ? Number.POSITIVE_INFINITY : (limit ?? DEFAULT_LIMIT);
    const listed: Job[] = [];
    let seen = 0;
    let more = false;
    for await (const job of filteredJobs(await client(), filters, signal)) {
      more = seen >= most;
      if (more) break;
      seen += 1;
      if (out.isJson) await out.json(job);
      else listed.push(job);
    }
    if (!out.isJson) await out.results(listed, JOB_COLUMNS);
    if (seen === 0) out.note("No jobs meet the filters.");
    if (more && limit === undefined) out.note(`There are more: give --limit or --all.`);
    return EXIT.done;
  },
});
