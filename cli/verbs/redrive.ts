import { FILTER_OPTIONS, type FilterOptions } from "../input/filters.ts";
import { defineVerb } from "../verb.ts";
import { CHANGE_OPTIONS, type ChangeOptions, changeJobs } from "./change-jobs.ts";
import { RETRY } from "./retry.ts";

/** With this code the platform fails the job of a message that went to the dead-letter queue. */
const DEAD_LETTERED = "DeadLettered";

const OPTIONS = FILTER_OPTIONS.filter(({ flags }) => !/^--(type|status|error-code)/.test(flags));

export const redriveVerb = defineVerb<Omit<FilterOptions, "type" | "status" | "errorCode"> & ChangeOptions, [string]>({
  name: "redrive",
  summary: "retry the jobs of a type's dead letters",
  details:
    "A job whose message was received too often has FAILED with the code DeadLettered, and its message is gone. This shows those jobs, asks, and adds each anew. Repeated, it adds nothing twice, so it may be run again after Ctrl-C.",
  arguments: [{ name: "<type>", description: "the job type", completes: "jobTypes" }],
  options: [...OPTIONS, ...CHANGE_OPTIONS],
  examples: [
    { command: "jobs redrive canary --dry-run", does: "see the dead letters of a type" },
    { command: "jobs redrive canary --created-after 1d --error OutOfMemory --rate 2", does: "some of them, slowly" },
  ],
  run: async (cli, [type], options) => {
    return await changeJobs(cli, [], { ...options, type, status: ["FAILED"], errorCode: [DEAD_LETTERED] }, RETRY);
  },
});
