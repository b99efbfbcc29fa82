import type { Job, JobStatus } from "@autoscaling-job-queues/client/job";
import { EXIT } from "../exit-codes.ts";
import { STATUSES } from "../input/filters.ts";
import { batchLines } from "../output/batch-view.ts";
import { JOB_COLUMNS } from "../output/job-view.ts";
import { defineVerb } from "../verb.ts";

interface BatchGetOptions {
  readonly jobs?: true;
  readonly status?: readonly JobStatus[];
}

export const batchGetVerb = defineVerb<BatchGetOptions, [string]>({
  name: "batch get",
  summary: "show a batch, or its jobs",
  arguments: [{ name: "<batch>", description: "the batch's ID" }],
  options: [
    { flags: "--jobs", description: "its jobs instead, in the order of the request" },
    {
      flags: "--status <status>",
      description: "those in this state; several times: in one of them",
      choices: STATUSES,
      repeat: true,
    },
  ],
  examples: [
    { command: "jobs batch get word-count_batch_7KVW98RN72NZS8EDJSKM5CQQFX", does: "how many have ended" },
    { command: "jobs batch get word-count_batch_7KVW98RN72NZS8EDJSKM5CQQFX --status FAILED", does: "which jobs failed" },
  ],
  run: async (cli, [id], { jobs, status }) => {
    const { out, signal } = cli;
    const client = await cli.client();
    if (jobs !== true && status === undefined) {
      const batch = await client.getBatch(id, { signal });
      await out.result(batch, () => batchLines(batch));
      return EXIT.done;
    }
    const read: Job[] = [];
    for await (const job of client.batchJobs(id, status === undefined ? {} : { status }, { signal })) {
      if (out.isJson) await out.json(job);
      else read.push(job);
    }
    if (!out.isJson) await out.results(read, JOB_COLUMNS);
    return EXIT.done;
  },
});
