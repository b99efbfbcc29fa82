import type { JobTypeDescription } from "@autoscaling-job-queues/client/jobs-client";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import { spanOf } from "../output/quantities.ts";
import { styled } from "../output/style.ts";
import type { Column } from "../output/table.ts";
import { typeLines } from "../output/type-view.ts";
import { visible } from "../output/visible.ts";
import { defineVerb } from "../verb.ts";

const COLUMNS: readonly Column<JobTypeDescription>[] = [
  { title: "TYPE", cell: ({ name }) => name },
  { title: "STATE", cell: stateOf },
  { title: "TASKS", right: true, cell: ({ limits }) => String(limits.maxTasks) },
  { title: "TRIES", right: true, cell: ({ limits }) => String(limits.maxAttempts) },
  { title: "TIME LIMIT", right: true, cell: ({ limits }) => spanOf(limits.timeoutSeconds) },
  { title: "FILES", cell: ({ files }) => visible(Object.keys(files).join(" ")) },
  { title: "SCHEDULES", cell: ({ schedules }) => visible(schedules.map(({ name }) => name).join(" ")) },
  { title: "DESCRIPTION", cut: true, cell: ({ description }) => visible(description) },
];

function stateOf({ retired, paused }: JobTypeDescription): string {
  if (paused !== undefined) return styled("yellow", "paused");
  return retired === true ? "retired" : "";
}

export const typesVerb = defineVerb<object, [string | undefined]>({
  name: "types",
  summary: "list the job types, or show what one takes",
  arguments: [{ name: "[type]", description: "a job type, to see what its jobs take", completes: "jobTypes" }],
  examples: [
    { command: "jobs types", does: "what can be asked for" },
    { command: "jobs types canary", does: "what the input of a canary is" },
    { command: "jobs types canary --json", does: "the same with its JSON Schema" },
  ],
  run: async ({ client, out, signal }, [name]) => {
    const types = await (await client()).jobTypes({ signal });
    if (name === undefined) {
      await out.results(types, COLUMNS);
      return EXIT.done;
    }
    const type = types.find((one) => one.name === name);
    if (type === undefined) {
      throw new CliError(`there is no job type ${JSON.stringify(name)}; there are: ${types.map((one) => one.name).join(", ")}`);
    }
    await out.result(type, () => [...out.table([type], COLUMNS), ...typeLines(type, out.size.columns)]);
    return EXIT.done;
  },
});
