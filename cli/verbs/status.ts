import type { JobsClient, JobTypeStatus } from "@autoscaling-job-queues/client/jobs-client";
import { UsageError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import { numberIn } from "../input/numbers.ts";
import { seriesLines } from "../output/series-view.ts";
import { STATUS_COLUMNS, statusNotes } from "../output/status-view.ts";
import { styled } from "../output/style.ts";
import { localTime } from "../output/times.ts";
import { type Cli, defineVerb } from "../verb.ts";
import { untilNextLook } from "./next-look.ts";
import { typeStatuses } from "./type-statuses.ts";

interface StatusOptions {
  readonly watch?: true;
  readonly interval?: number;
  readonly hours?: number;
}

const DEFAULT_INTERVAL = 2;
/** Of `GET /job-types/{name}/status`. */
const MAX_HOURS = 72;

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
    {
      flags: "--hours <n>",
      description: `shows lines of the last hours as well, at most ${MAX_HOURS}; metrics are some minutes late`,
      parse: numberIn({ min: 1, max: MAX_HOURS }),
    },
  ],
  examples: [
    { command: "jobs status", does: "all types" },
    { command: "jobs status canary --watch", does: "one, as it changes" },
    { command: "jobs status canary --hours 24", does: "and how it fared since yesterday" },
    { command: "jobs status --json | jq -r 'select(.waiting > 100).name'", does: "which have a backlog" },
  ],
  run: async (cli, [names], { watch, interval, hours }) => {
    if (interval !== undefined && watch !== true) throw new UsageError("--interval needs --watch");
    // A look at the metrics costs on AWS, and they change once a minute.
    if (hours !== undefined && watch === true) throw new UsageError("--hours and --watch are both given; give one");
    const client = await cli.client();
    if (watch !== true) {
      await show(cli, await statuses(client, names, { signal: cli.signal, hours }), { hours });
      return EXIT.done;
    }
    const { out, signal } = cli;
    if (!out.isJson) await out.clear();
    while (!signal.aborted) {
      const read = await statuses(client, names, { signal }).catch((error: unknown) => {
        // Ctrl-C is how it is left.
        if (!signal.aborted) throw error;
      });
      if (read === undefined) break;
      const head = styled("dim", `${localTime(new Date().toISOString())}, Ctrl-C to leave`);
      await show(cli, read, out.isJson ? {} : { head });
      await untilNextLook(signal, (interval ?? DEFAULT_INTERVAL) * 1_000);
    }
    return EXIT.done;
  },
});

async function statuses(
  client: JobsClient,
  names: readonly string[],
  { signal, hours }: { readonly signal: AbortSignal; readonly hours?: number | undefined },
): Promise<readonly JobTypeStatus[]> {
  const types = names.length > 0 ? [...new Set(names)] : (await client.jobTypes({ signal })).map(({ name }) => name);
  return await typeStatuses(client, types, signal, hours);
}

interface Shown {
  /** Of a screen that is drawn anew. */
  readonly head?: string;
  readonly hours?: number | undefined;
}

async function show({ out }: Cli, read: readonly JobTypeStatus[], { head, hours }: Shown): Promise<void> {
  if (out.isJson) return await out.results(read, STATUS_COLUMNS);
  const [only] = read;
  const notes = read.length === 1 && only !== undefined ? statusNotes(only) : [];
  const series = hours === undefined ? [] : read.flatMap((one) => ["", ...seriesLines(one, hours, out.size.columns)]);
  const lines = [...out.table(read, STATUS_COLUMNS), ...notes, ...series];
  await (head === undefined ? out.lines(lines) : out.screen([head, ...lines]));
}
