import type { JobsClient, JobTypeStatus } from "@autoscaling-job-queues/client/jobs-client";
import { UsageError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import { numberIn } from "../input/numbers.ts";
import { STATUS_COLUMNS, statusNotes } from "../output/status-view.ts";
import { styled } from "../output/style.ts";
import { localTime } from "../output/times.ts";
import { type Cli, defineVerb } from "../verb.ts";
import { untilNextLook } from "./next-look.ts";
import { typeStatuses } from "./type-statuses.ts";

interface StatusOptions {
  readonly watch?: true;
  readonly interval?: number;
}

const DEFAULT_INTERVAL = 2;

export const statusVerb = defineVerb<StatusOptions, [string[]]>({
  name: "status",
  summary: "show what waits and runs, and the workers, by type",
  details:
    "Waiting, running and delayed are SQS's counts, which are approximate; dead are its dead letters. Running includes jobs that wait for a retry.",
  arguments: [{ name: "[type...]", description: "job types (default: all)", completes: "jobTypes" }],
  options: [
    { flags: "-w, --watch", description: "goes on showing it until Ctrl-C" },
    {
      flags: "--interval <seconds>",
      description: `between two looks (default: ${DEFAULT_INTERVAL})`,
      parse: numberIn({ min: 0.5, max: 3_600, whole: false }),
    },
  ],
  examples: [
    { command: "jobs status", does: "all types" },
    { command: "jobs status canary --watch", does: "one, as it changes" },
    { command: "jobs status --json | jq -r 'select(.waiting > 100).name'", does: "which have a backlog" },
  ],
  run: async (cli, [names], { watch, interval }) => {
    if (interval !== undefined && watch !== true) throw new UsageError("--interval needs --watch");
    const client = await cli.client();
    if (watch !== true) {
      await show(cli, await statuses(client, names, cli.signal));
      return EXIT.done;
    }
    const { out, signal } = cli;
    if (!out.isJson) await out.clear();
    while (!signal.aborted) {
      const read = await statuses(client, names, signal).catch((error: unknown) => {
        // Ctrl-C is how it is left.
        if (!signal.aborted) throw error;
      });
      if (read === undefined) break;
      await show(cli, read, out.isJson ? undefined : styled("dim", `${localTime(new Date().toISOString())}, Ctrl-C to leave`));
      await untilNextLook(signal, (interval ?? DEFAULT_INTERVAL) * 1_000);
    }
    return EXIT.done;
  },
});

async function statuses(client: JobsClient, names: readonly string[], signal: AbortSignal): Promise<readonly JobTypeStatus[]> {
  const types = names.length > 0 ? [...new Set(names)] : (await client.jobTypes({ signal })).map(({ name }) => name);
  return await typeStatuses(client, types, signal);
}

/** @param head of a screen that is drawn anew. */
async function show({ out }: Cli, read: readonly JobTypeStatus[], head?: string): Promise<void> {
  if (out.isJson) return await out.results(read, STATUS_COLUMNS);
  const [only] = read;
  const notes = read.length === 1 && only !== undefined ? statusNotes(only) : [];
  const lines = [...out.table(read, STATUS_COLUMNS), ...notes];
  await (head === undefined ? out.lines(lines) : out.screen([head, ...lines]));
}
