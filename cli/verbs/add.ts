import { constants, openAsBlob } from "node:fs";
import { access } from "node:fs/promises";
import type { Job } from "@autoscaling-job-queues/client/job";
import type { JobsClient } from "@autoscaling-job-queues/client/jobs-client";
import { UsageError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import { jsonInput } from "../input/json-input.ts";
import { fileNamesOf, tagsOf } from "../input/key-values.ts";
import { readText } from "../input/read-text.ts";
import { dueTime, secondsOf } from "../input/times.ts";
import { traceparentOf } from "../input/traceparent.ts";
import { jobLines } from "../output/job-view.ts";
import { type Cli, defineVerb } from "../verb.ts";
import { waitFor } from "./wait-for.ts";

interface AddOptions {
  readonly input?: string;
  readonly file?: readonly string[];
  readonly tag?: readonly string[];
  readonly group?: string;
  readonly delay?: number;
  readonly runAt?: Date;
  readonly key?: string;
  readonly traceparent?: string;
  readonly wait?: true;
}

export const addVerb = defineVerb<AddOptions, [string, string | undefined]>({
  name: "add",
  summary: "add a job",
  details:
    "Give a key where the same line may run twice, such as in a script: the same key, type and input add one job. With --wait the job is shown when it has ended, and the exit code is 0 only if it SUCCEEDED.",
  arguments: [
    { name: "<type>", description: "the job's type; jobs types lists them", completes: "jobTypes" },
    { name: "[input]", description: "the input, as of --input" },
  ],
  options: [
    { flags: "-i, --input <json>", description: "the input: JSON, @file, or - for what is piped in (default: {})" },
    {
      flags: "-f, --file <name=path>",
      description: "uploads a file under a name that the type declares; several times",
      repeat: true,
    },
    { flags: "-t, --tag <key:value>", description: "a label, by which jobs can be listed; several times", repeat: true },
    { flags: "--group <id>", description: "the tenant, for fairness (default: the caller)" },
    { flags: "--delay <span>", description: "keeps the job from the workers for so long: 90s, 15m, 2h", parse: secondsOf },
    { flags: "--run-at <time>", description: "when the job is due", parse: dueTime },
    { flags: "-k, --key <key>", description: "idempotency key (default: a random one)" },
    {
      flags: "--traceparent <value>",
      description: "the trace that the job belongs to, in the form of W3C",
      parse: traceparentOf,
    },
    { flags: "-w, --wait", description: "waits until the job has ended" },
  ],
  examples: [
    { command: `jobs add word-count '{"text": "to be or not to be"}' --wait`, does: "add a job, and wait for it" },
    {
      command: `echo '{"op": "sleep", "seconds": 2}' | jobs add canary --input - --tag team:docs`,
      does: "the input is piped in",
    },
    { command: `jobs add canary --input '{"op": "digest"}' --file data=README.md --key readme-1`, does: "with a file, once" },
    { command: `jobs add canary --input '{"op": "echo", "value": 1}' --delay 2h`, does: "for later" },
  ],
  run: async (cli, [type, given], options) => {
    const { delay, runAt, group, key, traceparent, wait } = options;
    if (delay !== undefined && runAt !== undefined) throw new UsageError("--delay and --run-at are both given; give one");
    if (given !== undefined && options.input !== undefined) throw new UsageError("the input is given twice; give one");
    const input = jsonInput("--input", await readText("--input", options.input ?? given ?? "{}", cli));
    const tags = tagsOf(options.tag);
    const paths = Object.entries(fileNamesOf(options.file));
    const client = await cli.client();
    const files: Record<string, string> = {};
    for (const [name, path] of paths) files[name] = await upload(client, { type, name, path }, cli);
    const added: Job = await client.add(type, input, {
      ...tags,
      ...(paths.length === 0 ? {} : { files }),
      ...(delay === undefined ? {} : { delaySeconds: delay }),
      ...(runAt === undefined ? {} : { runAt }),
      ...(group === undefined ? {} : { groupId: group }),
      ...(key === undefined ? {} : { idempotencyKey: key }),
      ...(traceparent === undefined ? {} : { traceparent }),
      signal: cli.signal,
    });
    if (wait === true) return await waitFor(cli, client, [added.id]);
    await cli.out.result(added, () => jobLines(added));
    if (!cli.out.isJson) cli.out.note(`Follow it: jobs wait ${added.id}`);
    return EXIT.done;
  },
});

async function upload(
  client: JobsClient,
  { type, name, path }: { readonly type: string; readonly name: string; readonly path: string },
  { out, signal }: Cli,
): Promise<string> {
  let blob: Blob;
  try {
    // openAsBlob does not tell why it cannot read a file.
    await access(path, constants.R_OK);
    blob = await openAsBlob(path);
  } catch (error) {
    throw new UsageError(`--file ${name} names ${path}, which cannot be read: ${(error as NodeJS.ErrnoException).code ?? error}`);
  }
  const bar = out.progress(`uploading ${name}`, blob.size, "bytes");
  try {
    return await client.upload(type, name as never, blob, { onProgress: ({ sentBytes }) => bar.update(sentBytes), signal });
  } finally {
    bar.end();
  }
}
