import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { JobFile } from "@autoscaling-job-queues/domain/job";
import { jobIdPrefix } from "@autoscaling-job-queues/domain/job-id";
import type { JobFileName, JobType } from "@autoscaling-job-queues/domain/job-type";
import type { Job } from "./define-job.ts";
import { type FileContent, fileBytes } from "./file-content.ts";
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
  { attempt = 1, resumeFrom, files: given = {}, signal = new AbortController().signal }: TestJobSettings<JobFileName<Type>> = {},
): Promise<TestedJob> {
  const text = JSON.stringify(input);
  const parsed = await handlerInput<Type["input"]>(job.jobType, text);
  const files = new Map<string, StoredFile>();
  const progress: ReportedProgress[] = [];
  const checkpoints: unknown[] = [];
  const logs: LogLine[] = [];
  const inputs = await testFiles(given);
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
    ...inputs,
  });
  try {
    const json = resultJson(await job.handler(parsed, context));
    return { result: json === undefined ? undefined : JSON.parse(json), files, progress, checkpoints, logs };
  } finally {
    await inputs.end();
  }
}

/** Bytes that a test's stream gives at a time: few, so that handlers see that a file comes in parts. */
const TEST_READ_BYTES = 1_000;

/** The files that a job is added with, in memory; one whose path is asked for is on the disk until the end. */
async function testFiles(given: Readonly<Record<string, GivenFile | undefined>>) {
  const contents = new Map<string, Uint8Array<ArrayBuffer>>();
  const files: Record<string, JobFile> = {};
  for (const [name, file] of Object.entries(given)) {
    if (file === undefined) continue;
    const bytes = await allOf(fileBytes(file.content));
    contents.set(name, bytes);
    files[name] = { bytes: bytes.byteLength, contentType: file.contentType ?? "application/octet-stream" };
  }
  let folder: string | undefined;
  return {
    files,
    readFile: async (name: string, start: number) => contentOf(name).slice(start, start + TEST_READ_BYTES),
    saveFile: async (name: string) => {
      folder ??= await mkdtemp(path.join(tmpdir(), "test-job-"));
      const file = path.join(folder, name);
      await writeFile(file, contentOf(name));
      return file;
    },
    end: async () => {
      if (folder !== undefined) await rm(folder, { recursive: true });
    },
  };

  function contentOf(name: string): Uint8Array<ArrayBuffer> {
    return contents.get(name) as Uint8Array<ArrayBuffer>;
  }
}

async function allOf(source: Uint8Array | AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  if (source instanceof Uint8Array) return Uint8Array.from(source);
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(Uint8Array.from(chunk));
  return Uint8Array.from(Buffer.concat(chunks));
}
