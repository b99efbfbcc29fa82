import { jobIdPrefix } from "@autoscaling-job-queues/domain/job-id";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import type { Job } from "./define-job.ts";
import { fileBytes } from "./file-content.ts";
import { jobContext } from "./job-context.ts";
import { checkpointJson } from "./runners/checkpoint-json.ts";
import { handlerInput } from "./runners/handler-input.ts";
import { resultJson } from "./runners/result-json.ts";
import type { LogLevel } from "./runners/runner.ts";

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

export interface TestJobSettings {
  /** @default 1 */
  readonly attempt?: number;
  /** The last checkpoint of an earlier attempt. @default none */
  readonly resumeFrom?: unknown;
  /** Abort it to see what the handler does when the job is cancelled. @default a signal that never aborts */
  readonly signal?: AbortSignal;
}

const TEST_ULID = "01J00000000000000000000000";

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
  { attempt = 1, resumeFrom, signal = new AbortController().signal }: TestJobSettings = {},
): Promise<TestedJob> {
  const text = JSON.stringify(input);
  const parsed = await handlerInput<Type["input"]>(job.jobType, text);
  const files = new Map<string, StoredFile>();
  const progress: ReportedProgress[] = [];
  const checkpoints: unknown[] = [];
  const logs: LogLine[] = [];
  const id = `${jobIdPrefix(job.jobType.name)}${TEST_ULID}`;
  const context = jobContext({
    id,
    type: job.jobType.name,
    attempt,
    input: text,
    resumeFrom: resumeFrom === undefined ? undefined : checkpointJson(resumeFrom),
    signal,
    progress: (fraction, message) => void progress.push(message === undefined ? { fraction } : { fraction, message }),
    log: (level, message, details) =>
      void logs.push(details === undefined ? { level, message } : { level, message, details: structuredClone(details) }),
    checkpoint: async (json) => void checkpoints.push(JSON.parse(json)),
    putFile: async (name, content, contentType) => {
      // A copy, because a handler may reuse its buffer once the file is stored.
      const bytes = await allOf(fileBytes(content));
      files.set(name, { bytes, contentType });
      return { bucket: "test", key: `${id}/${attempt}/${name}`, bytes: bytes.byteLength, contentType };
    },
  });
  const json = resultJson(await job.handler(parsed, context));
  return { result: json === undefined ? undefined : JSON.parse(json), files, progress, checkpoints, logs };
}

async function allOf(source: Uint8Array | AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return Uint8Array.from(source);
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(Uint8Array.from(chunk));
  return Uint8Array.from(Buffer.concat(chunks));
}
