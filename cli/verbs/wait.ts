import { CliError } from "../cli-error.ts";
import { jobIds } from "../input/ids.ts";
import { numberIn } from "../input/numbers.ts";
import { secondsOf } from "../input/times.ts";
import { defineVerb } from "../verb.ts";
import { waitFor } from "./wait-for.ts";

interface WaitOptions {
  readonly timeout?: number;
  readonly concurrency?: number;
}

export const waitVerb = defineVerb<WaitOptions, [string[]]>({
  name: "wait",
  summary: "wait until jobs have ended",
  details: "Shows each job as it ends. The exit code is 0 only if all SUCCEEDED. Ctrl-C ends the wait; the jobs go on.",
  arguments: [{ name: "<id...>", description: "IDs of jobs; - reads them from what is piped in" }],
  options: [
    {
      flags: "--timeout <span>",
      description: "waits no longer than this: 90s, 15m, 2h; then the exit code is 1",
      parse: secondsOf,
    },
    {
      flags: "--concurrency <n>",
      description: "requests that wait at a time (default: 10)",
      parse: numberIn({ min: 1, max: 100 }),
    },
  ],
  examples: [
    { command: "jobs wait canary_01JCQ8N6V4W2X9Y7Z5T3R1P0MK", does: "wait for a job" },
    { command: "jobs list --type canary --status RUNNING --json | jobs wait - --timeout 15m", does: "wait for all that run now" },
  ],
  run: async (cli, [given], { timeout, concurrency }) => {
    const ids = await jobIds(given, cli);
    const client = await cli.client();
    if (timeout === undefined) return await waitFor(cli, client, ids, concurrency);
    const late = AbortSignal.timeout(timeout * 1_000);
    try {
      return await waitFor({ out: cli.out, signal: AbortSignal.any([cli.signal, late]) }, client, ids, concurrency);
    } catch (error) {
      if (late.aborted && !cli.signal.aborted) throw new CliError(`not all jobs have ended within ${timeout} s`);
      throw error;
    }
  },
});
