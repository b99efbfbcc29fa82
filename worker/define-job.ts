import type { JobFile } from "@autoscaling-job-queues/domain/job";
import type { JobFileName, JobInput, JobResult, JobType } from "@autoscaling-job-queues/domain/job-type";
import type { FileContent } from "./file-content.ts";

/** A file in the results bucket. `GET /jobs/{id}` adds a presigned `url`, in the result or, for one in S3, in `resultFiles`. */
export interface FileReference {
  readonly bucket: string;
  readonly key: string;
  readonly bytes: number;
  readonly contentType: string;
}

/** A line of the worker's structured log, with the job's ID, type and attempt added; details may be an error, a map, or any object. */
export interface JobLogger {
  debug(message: string, details?: object): void;
  info(message: string, details?: object): void;
  warn(message: string, details?: object): void;
  error(message: string, details?: object): void;
}

/** What a handler knows about its job, and what it can do besides returning. @typeParam FileName those that its type declares. */
export interface JobContext<FileName extends string = string> {
  readonly id: string;
  /** 1 for the first claim; interruptions by a shutdown count here too. */
  readonly attempt: number;
  /**
   * The header `traceparent` (W3C Trace Context) for what the handler calls: its calls become a part of the trace that the job is a part of.
   * Undefined where the job is a part of none.
   */
  readonly traceparent: string | undefined;
  /** Aborted when the job is cancelled, times out, is interrupted, or its lease is lost; `reason` is an Error that says which. */
  readonly signal: AbortSignal;
  readonly logger: JobLogger;
  /**
   * Reports progress: `fraction` from 0 to 1, and what is being done. Call it as often as you like; at most one write
   * every two seconds reaches the table. It throws the signal's reason once the job is aborted.
   */
  progress(fraction: number, message?: string): Promise<void>;
  /**
   * What the last checkpoint of an earlier attempt held, as JSON reads it; undefined where there is none. Attempts of a version of
   * the handler from before a deployment may have written it.
   */
  readonly resumeFrom: unknown;
  /**
   * Stores where the next attempt is to go on (`resumeFrom`) if this one does not end the job: it failed, its worker died or shut
   * down. Settles when this value, or a later one, is stored. At most one write every two seconds is made, of the newest value: wait
   * for it where the next step relies on it. In a job that is aborted it still stores the value, and then throws the signal's
   * reason.
   *
   * @param value JSON without loss, as a result is; at most 1 MiB.
   * @throws PermanentError `CheckpointNotSerializable` with the path of what JSON would change, or `CheckpointTooLarge`;
   * `LeaseLost` when another worker has taken the job over, whatever could not be stored otherwise.
   */
  checkpoint(value: unknown): Promise<void>;
  /** The files that the job was added with, by the names that its type declares; one that is not required may be absent. */
  readonly files: { readonly [Name in FileName]?: JobFile };
  /**
   * Opens a file that the job was added with, as a web stream: its bytes as they were then, whoever uploads what since. It is read as it is
   * asked for, a few megabytes at a time in memory, and need not be read to its end or closed.
   *
   * @throws PermanentError `NoSuchFile` for one that the job does not have. The stream ends with `FileUnavailable` where the bucket no
   * longer has it, and with the signal's reason once the job is aborted.
   */
  openFile(name: FileName): Promise<ReadableStream<Uint8Array>>;
  /**
   * Downloads a file that the job was added with, once, for what needs a path. It is there until the attempt has ended.
   *
   * @throws what `openFile` does; `NotEnoughSpace` where the container's disk has too little room for it.
   */
  filePath(name: FileName): Promise<string>;
  /**
   * Stores a file of this attempt, of at most 48 GiB. A stream or a path is stored as it is read: the file is never in memory as a
   * whole.
   *
   * @param name 1 to 128 letters, digits, dots, hyphens or underscores.
   * @param content bytes, text, a Node or web stream of them, or the path of a file on the worker's disk.
   */
  putFile(name: string, content: FileContent, contentType: string): Promise<FileReference>;
}

/** Does the work of one job. What it returns, as JSON, is the job's result; what it throws is retried (see the errors). */
export type JobHandler<Type extends JobType> = (
  input: JobInput<Type>,
  job: JobContext<JobFileName<Type>>,
) => JobResult<Type> | Promise<JobResult<Type>>;

/** A job type with its handler: the default export of `jobs/<type>/job.ts`. */
export interface Job<Type extends JobType = JobType> {
  readonly jobType: Type;
  /** A method to TypeScript, so that whoever takes any job takes this one. */
  handler(...given: Parameters<JobHandler<Type>>): ReturnType<JobHandler<Type>>;
}

/**
 * Binds a handler to its job type.
 *
 * @example
 * ```ts
 * export default defineJob(reportJob, async (input, job) => {
 *   await job.progress(0.5, "rendering");
 *   return { report: await job.putFile("report.txt", `Report for ${input.month}`, "text/plain") };
 * });
 * ```
 */
export function defineJob<Type extends JobType>(jobType: Type, handler: JobHandler<Type>): Job<Type> {
  return { jobType, handler };
}
