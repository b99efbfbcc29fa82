import { fileURLToPath } from "node:url";
import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import type { StoredJob } from "@autoscaling-job-queues/domain/job";
import type { JobFileName, JobType } from "@autoscaling-job-queues/domain/job-type";
import { attemptEnd } from "./attempt-end.ts";
import type { Job } from "./define-job.ts";
import type { FileContent } from "./file-content.ts";
import { type AbortCode, JobAbortedError } from "./job-aborted-error.ts";
import { jobContext } from "./job-context.ts";
import { processRunner } from "./runners/commands/process-runner.ts";
import { handlerInput } from "./runners/handler-input.ts";
import { resultJson } from "./runners/result-json.ts";
import type { LogLevel } from "./runners/runner.ts";
import { type TestRun, testRun } from "./test-run.ts";

/** A file that the job stored, as a test sees it. */
export interface StoredFile {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

export interface ReportedProgress {
  readonly fraction: number;
  readonly message?: string;
}

export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What a job did. */
export interface TestedJob {
  /** What the handler returned, after JSON: what a caller of `GET /jobs/{id}` reads. */
  readonly result: unknown;
  readonly files: ReadonlyMap<string, StoredFile>;
  /** Every report; a worker writes at most one every two seconds to the table. */
  readonly progress: readonly ReportedProgress[];
  /** Every checkpoint, after JSON; a worker writes at most one every two seconds. */
  readonly checkpoints: readonly unknown[];
  readonly logs: readonly LogLine[];
}

/** A file that the job is added with. */
export interface GivenFile {
  readonly content: FileContent;
  /** @default "application/octet-stream" */
  readonly contentType?: string;
}

export interface TestJobSettings<FileName extends string = string> {
  /** The files that the job is added with, by their names. @default none */
  readonly files?: { readonly [Name in FileName]?: GivenFile };
  /** @default 1 */
  readonly attempt?: number;
  /** The last checkpoint of an earlier attempt. @default none */
  readonly resumeFrom?: unknown;
  /** Of the trace that the job is a part of. @default none */
  readonly traceparent?: string;
  /** Abort it to see what the handler does when the job is cancelled. @default a signal that never aborts */
  readonly signal?: AbortSignal;
}

export interface TestCommandSettings<FileName extends string = string> extends TestJobSettings<FileName> {
  /** The job's `bin` folder, in which its command runs: `new URL("./bin/", import.meta.url)`. */
  readonly bin: URL | string;
  /** The variables and secrets that `deployment.ts` names, with values for the test. @default those that `JOB_VARIABLES` names */
  readonly variables?: Readonly<Record<string, string>>;
  /** Seconds until the command is told to stop. @default the job type's */
  readonly timeoutSeconds?: number;
  /** Seconds from then, or from the signal, until it is killed. @default the job type's */
  readonly graceSeconds?: number;
}

/** How an attempt of a command failed: with the code and the message that the job would get. */
export class TestedJobError extends JobQueueError {
  override readonly name = "TestedJobError";
  /** Whether the job would fail at once, as no other attempt could help. */
  readonly permanent: boolean;
  /** What the attempt had done by then. */
  readonly job: Omit<TestedJob, "result">;

  constructor(code: string, message: string, { permanent, job }: Pick<TestedJobError, "permanent" | "job">) {
    super(code, message);
    this.permanent = permanent;
    this.job = job;
  }
}

const NEVER = new AbortController().signal;

/**
 * Runs one attempt of a job in the test's own process: the input is parsed as the worker does, files stay in memory, and
 * file names, progress and checkpoints are checked as in production.
 *
 * @example
 * ```ts
 * const { result, files } = await testJob(reportJob, { month: "2026-11" });
 * expect(files.get("report.txt")?.contentType).toBe("text/plain");
 * ```
 * @throws PermanentError with the code `InvalidInput` when the input does not match the job type's schema, `ResultNotSerializable`
 * when JSON would lose some of the result, and whatever the handler throws.
 */
export async function testJob<Type extends JobType>(
  job: Job<Type>,
  input: unknown,
  { attempt = 1, resumeFrom, traceparent, files = {}, signal = NEVER }: TestJobSettings<JobFileName<Type>> = {},
): Promise<TestedJob> {
  const text = JSON.stringify(input);
  const parsed = await handlerInput<Type["input"]>(job.jobType, text);
  const run = { type: job.jobType.name, input: text, attempt, traceparent, resumeFrom, files, signal, kill: NEVER };
  const tested = await testRun(run);
  try {
    return testedJob(resultJson(await job.handler(parsed, jobContext(tested.run))), tested);
  } finally {
    await tested.end();
  }
}

/**
 * Runs one attempt of a `process` job: its real command, by the worker's own runner. What it stores stays in memory; what it started
 * has ended when this settles.
 *
 * @example
 * ```ts
 * const { result, files } = await testCommand(wordCountJob, { text: "to be" }, { bin: new URL("./bin/", import.meta.url) });
 * expect(result).toMatchObject({ words: 2 });
 * ```
 * @throws TestedJobError where the attempt fails: `InvalidInput`, `CommandNotFound`, `CommandFailed`, `JobTimeout`, and the others that
 * docs/job-types.md lists.
 * @throws TypeError where the type has no command.
 */
export async function testCommand<Type extends JobType>(
  jobType: Type,
  input: unknown,
  settings: TestCommandSettings<JobFileName<Type>>,
): Promise<TestedJob> {
  const { command, name } = jobType;
  if (command === undefined) throw new TypeError(`the job type ${name} has no command; test its handler with testJob`);
  const { bin, variables, attempt = 1, resumeFrom, traceparent, files = {}, signal = NEVER } = settings;
  const { timeoutSeconds = jobType.timeoutSeconds, graceSeconds = jobType.graceSeconds } = settings;
  const directory = bin instanceof URL ? fileURLToPath(bin) : bin;
  const [abort, kill] = [new AbortController(), new AbortController()];
  let grace: NodeJS.Timeout | undefined;
  const stop = (reason: unknown): void => {
    abort.abort(reason);
    grace ??= setTimeout(() => kill.abort(), graceSeconds * 1_000);
  };
  const cancel = (): void => stop(signal.reason);
  const tested = await testRun({
    ...{ type: name, input: JSON.stringify(input), attempt, traceparent, resumeFrom, files },
    ...{ signal: abort.signal, kill: kill.signal },
  });
  const timeout = setTimeout(() => stop(new JobAbortedError("JobTimeout")), timeoutSeconds * 1_000);
  signal.addEventListener("abort", cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    const runner = processRunner({ command, directory, jobType, ...(variables === undefined ? {} : { variables }) });
    const outcome = await runner.run(tested.run);
    if (outcome.kind === "returned") return testedJob(outcome.json, tested);
    const aborted = (abort.signal.reason as { readonly code?: AbortCode } | undefined)?.code;
    const end = attemptEnd(UNTRIED, outcome, aborted, { ...jobType, timeoutSeconds }, () => 0);
    const { code, message } = "error" in end && end.error !== undefined ? end.error : outcome;
    throw new TestedJobError(code, message, { permanent: end.name === "fail", job: tested.recorded });
  } finally {
    signal.removeEventListener("abort", cancel);
    clearTimeout(timeout);
    clearTimeout(grace);
    await tested.end();
  }
}

/** A job that may be tried as often as need be: whether another attempt could help is for its failure to say. */
const UNTRIED = { attempt: 1, interruptions: 0, maxAttempts: Number.POSITIVE_INFINITY } as StoredJob;

/** @param json what a caller reads. */
function testedJob(json: string | undefined, { recorded }: TestRun): TestedJob {
  return { result: json === undefined ? undefined : JSON.parse(json), ...recorded };
}
