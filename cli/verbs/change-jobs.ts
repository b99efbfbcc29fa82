import type { Job } from "@autoscaling-job-queues/client/job";
import { JobsApiError } from "@autoscaling-job-queues/client/jobs-api-error";
import type { CallOptions, JobsClient } from "@autoscaling-job-queues/client/jobs-client";
import { CliError, UsageError } from "../cli-error.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { isBrokenPipe } from "../failure.ts";
import { confirm } from "../input/confirm.ts";
import { type FilterOptions, filteredJobs, hasFilters } from "../input/filters.ts";
import { jobIds } from "../input/ids.ts";
import { numberIn } from "../input/numbers.ts";
import { JOB_COLUMNS } from "../output/job-view.ts";
import { counted } from "../output/times.ts";
import { visible } from "../output/visible.ts";
import type { Cli, OptionSpec } from "../verb.ts";
import { paced } from "./paced.ts";

/** Options of what changes many jobs. */
export interface ChangeOptions extends FilterOptions {
  readonly dryRun?: true;
  readonly yes?: true;
  readonly rate?: number;
}

export const CHANGE_OPTIONS: readonly OptionSpec[] = [
  { flags: "--dry-run", description: "shows the jobs that meet the filters, and changes nothing" },
  { flags: "-y, --yes", description: "does not ask" },
  { flags: "--rate <n>", description: "jobs a second (default: 20)", parse: numberIn({ min: 0.1, max: 1_000, whole: false }) },
];

/** What is done with jobs. */
export interface Change {
  /** As the question begins with it: `Cancel`. */
  readonly word: string;
  /** As the end is told: `cancelled or asked to stop`. */
  readonly done: string;
  readonly change: (client: JobsClient, id: string, options: CallOptions) => Promise<Job>;
  /** Codes of refusals that mean that a job which met the filters does so no more. */
  readonly passedBy: ReadonlySet<string>;
}

const DEFAULT_RATE = 20;
const CONCURRENCY = 10;
/** Of those that meet the filters, how many the question shows. */
const SHOWN = 10;

/** Changes the jobs that are named, or, after a question, all that meet the filters. */
export async function changeJobs(cli: Cli, given: readonly string[], options: ChangeOptions, change: Change): Promise<ExitCode> {
  const { dryRun, yes, rate, ...filters } = options;
  const filtered = hasFilters(filters);
  if (given.length > 0 && filtered) throw new UsageError("IDs and filters are both given; give IDs, or filters");
  if (given.length === 0 && !filtered) throw new UsageError("no job is named: give IDs, or filters such as --type and --status");
  return await (filtered ? changeFiltered(cli, options, change) : changeNamed(cli, given, options, change));
}

async function changeNamed(cli: Cli, given: readonly string[], options: ChangeOptions, change: Change): Promise<ExitCode> {
  const ids = await jobIds(given, cli);
  const client = await cli.client();
  if (options.dryRun === true) {
    const jobs: Job[] = [];
    for (const id of ids) jobs.push(await client.get(id, { signal: cli.signal }));
    await cli.out.results(jobs, JOB_COLUMNS);
    return EXIT.done;
  }
  const { changed, refused } = await changeAll(cli, client, ids, options, change);
  if (!cli.out.isJson) await cli.out.results(changed, JOB_COLUMNS);
  return refused === 0 ? EXIT.done : EXIT.failed;
}

async function changeFiltered(cli: Cli, options: ChangeOptions, change: Change): Promise<ExitCode> {
  const { out, signal } = cli;
  const client = await cli.client();
  const jobs: Job[] = [];
  for await (const job of filteredJobs(client, options, signal)) jobs.push(job);
  if (options.dryRun === true || jobs.length === 0) {
    await out.results(jobs, JOB_COLUMNS);
    out.note(`${counted(jobs.length, "job")} would be ${change.done}.`);
    return EXIT.done;
  }
  if (options.yes !== true && !(await asked(cli, jobs, change))) {
    out.note("Nothing was changed.");
    return EXIT.failed;
  }
  const ids = jobs.map(({ id }) => id);
  const { changed, passed, refused } = await changeAll(cli, client, ids, options, change);
  out.note(
    `${counted(changed.length, "job")} ${change.done}${passed === 0 ? "" : `, ${passed} no longer to be`}${refused === 0 ? "" : `, ${refused} refused`}.`,
  );
  return refused === 0 ? EXIT.done : EXIT.failed;
}

async function asked(cli: Cli, jobs: readonly Job[], { word }: Change): Promise<boolean> {
  const { url } = await cli.connection();
  if (!cli.out.isJson) await cli.out.results(jobs.slice(0, SHOWN), JOB_COLUMNS);
  if (jobs.length > SHOWN) cli.out.note(`… and ${jobs.length - SHOWN} more`);
  return await confirm(`${word} ${counted(jobs.length, "job")} at ${url}?`, cli);
}

interface Changed {
  readonly changed: readonly Job[];
  readonly passed: number;
  readonly refused: number;
}

/** Whatever the API refuses of one job is told, and the others go on; what concerns all of them ends it. */
async function changeAll(
  { out, signal }: Cli,
  client: JobsClient,
  ids: readonly string[],
  { rate = DEFAULT_RATE, ...filters }: ChangeOptions,
  { word, change, passedBy }: Change,
): Promise<Changed> {
  const changed: Job[] = [];
  let passed = 0;
  let refused = 0;
  const bar = out.progress(word, ids.length);
  try {
    await paced(ids, { rate, concurrency: CONCURRENCY, signal }, async (id) => {
      try {
        const job = await change(client, id, { signal });
        changed.push(job);
        if (out.isJson) await out.json(job);
      } catch (error) {
        if (!isOfOneJob(error)) throw error;
        if (hasFilters(filters) && passedBy.has(error.code)) {
          passed += 1;
        } else {
          refused += 1;
          out.note(`${id}: ${visible(error.message.replace(/^\w+ \S+ was answered with \d+ /, ""))}`, "red");
        }
      } finally {
        bar.update(changed.length + passed + refused);
      }
    });
  } catch (error) {
    if (isBrokenPipe(error) || isBrokenPipe(signal.reason)) throw new CliError("", EXIT.unread);
    throw error;
  } finally {
    bar.end();
    if (signal.aborted) {
      const done = changed.length + passed + refused;
      out.note(`Stopped after ${done} of ${ids.length}. The same command goes on: no job is changed twice.`, "yellow");
    }
  }
  if (isBrokenPipe(signal.reason)) throw new CliError("", EXIT.unread);
  signal.throwIfAborted();
  return { changed, passed, refused };
}

const CLIENT_ERROR = 400;
const SERVER_ERROR = 500;
/** Refusals that say something of the caller, not of the job. */
const OF_CALLER: ReadonlySet<unknown> = new Set([401, 403, 429]);

function isOfOneJob(error: unknown): error is JobsApiError {
  if (!(error instanceof JobsApiError)) return false;
  const { status = 0 } = error;
  return status >= CLIENT_ERROR && status < SERVER_ERROR && !OF_CALLER.has(status);
}
