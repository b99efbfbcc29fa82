import type { JsonText } from "@autoscaling-job-queues/client/json-text";
import { UsageError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import { jsonInput, jsonItems } from "../input/json-input.ts";
import { tagsOf } from "../input/key-values.ts";
import { readText } from "../input/read-text.ts";
import { batchLines } from "../output/batch-view.ts";
import { defineVerb } from "../verb.ts";
import { waitForBatch } from "./batch-wait.ts";

interface BatchAddOptions {
  readonly items?: string;
  readonly inputs?: string;
  readonly tag?: readonly string[];
  readonly key?: string;
  readonly onComplete?: string;
  readonly onCompleteInput?: string;
  readonly wait?: true;
}

export const batchAddVerb = defineVerb<BatchAddOptions, [string]>({
  name: "batch add",
  summary: "add up to 300 jobs of one type, all or none",
  arguments: [{ name: "<type>", description: "the type of the jobs", completes: "jobTypes" }],
  options: [
    {
      flags: "-i, --inputs <json>",
      description: "their inputs: a JSON array, or one input a line; @file, or - for what is piped in",
    },
    { flags: "--items <json>", description: "the same with more than the input: objects {input, files?, groupId?, tags?}" },
    { flags: "-t, --tag <key:value>", description: "a label of all its jobs; several times", repeat: true },
    { flags: "-k, --key <key>", description: "idempotency key: made again under it, the call goes on where it stopped" },
    { flags: "--on-complete <type>", description: "the type of a job that is added when all have ended", completes: "jobTypes" },
    { flags: "--on-complete-input <json>", description: "that job's input: JSON or @file (default: {})" },
    { flags: "-w, --wait", description: "waits until all have ended" },
  ],
  examples: [
    { command: `jobs batch add word-count --inputs '[{"text": "to be"}, {"text": "or not to be"}]' --wait`, does: "two jobs" },
    { command: "jobs batch add word-count --inputs @inputs.jsonl --key import-7", does: "an input a line of a file, once" },
  ],
  run: async (cli, [type], options) => {
    const { items, inputs, key, onComplete, onCompleteInput, wait } = options;
    if ((items === undefined) === (inputs === undefined)) throw new UsageError("give one of --inputs and --items");
    if (onComplete === undefined && onCompleteInput !== undefined)
      throw new UsageError("--on-complete-input needs --on-complete");
    const name = items === undefined ? "--inputs" : "--items";
    const texts = jsonItems(name, await readText(name, items ?? inputs ?? "", cli));
    if (texts.length === 0) throw new UsageError(`${name} has nothing in it; allowed: 1 to 300`);
    const follow = onComplete && {
      type: onComplete,
      input: jsonInput("--on-complete-input", await readText("--on-complete-input", onCompleteInput ?? "{}", cli)),
    };
    const tags = tagsOf(options.tag);
    const client = await cli.client();
    const batch = await client.addBatch(
      type,
      items === undefined ? texts.map((input) => ({ input })) : (texts as readonly unknown[] as readonly { input: JsonText }[]),
      {
        ...tags,
        ...(key === undefined ? {} : { idempotencyKey: key }),
        ...(follow ? { onComplete: follow as never } : {}),
        signal: cli.signal,
      },
    );
    if (wait === true) return await waitForBatch(cli, client, batch);
    await cli.out.result(batch, () => batchLines(batch));
    if (!cli.out.isJson) cli.out.note(`Follow it: jobs batch wait ${batch.id}`);
    return EXIT.done;
  },
});
