import type { MessagePort } from "node:worker_threads";
import type { JobFile } from "@autoscaling-job-queues/domain/job";
import type { FileReference } from "../../define-job.ts";
import type { AbortCode } from "../../job-aborted-error.ts";
import type { JobLine } from "../../job-log.ts";
import type { Failure } from "../handler-failure.ts";
import type { RunOutcome } from "../runner.ts";
import type { JobKeys } from "./job-scope.ts";

/** What a thread starts with, as its first message: it holds the port for all others, which no handler sees. */
export interface ThreadData {
  /** URL of the module whose default export is the job. */
  readonly handlerUrl: string;
  /** Memory that jobs may leave, together, in MiB. */
  readonly maxKeptMiB: number;
  /** What programs that its handlers start bear, as `THREAD_MARK`. */
  readonly mark: string;
  readonly port: MessagePort;
  /** The number of jobs that the thread has begun, as an `Int32Array`. */
  readonly begun: SharedArrayBuffer;
}

/** What a thread found when it looked at what the last job had left. */
export interface Look {
  /** In words, such as `2 Timeout`. */
  readonly left: readonly string[];
  /** Whether the thread can be left to itself for a while, though it is not fit for another job. */
  readonly mayLinger: boolean;
}

export interface ThreadTask extends JobKeys {
  /** JSON text. */
  readonly input: string;
  /** JSON text. */
  readonly resumeFrom: string | undefined;
  readonly files: Readonly<Record<string, JobFile>>;
}

export interface CheckpointToWorker {
  readonly kind: "checkpoint";
  /** JSON text. */
  readonly json: string;
}

export type CheckpointToThread =
  /** The last checkpoint, or one that took its place, is stored. */
  { readonly kind: "checkpointStored" } | ({ readonly kind: "checkpointFailed" } & SentError);

/** An error on its way to a handler. */
export interface SentError {
  readonly message: string;
  readonly properties: { readonly name: string; readonly code?: string };
}

/** A file of a job on its way to the worker, who asks for each of its chunks. */
export type FileToWorker =
  | { readonly kind: "file"; readonly request: number; readonly name: string; readonly contentType: string }
  | { readonly kind: "chunk"; readonly request: number; readonly bytes: Uint8Array }
  | { readonly kind: "fileEnd"; readonly request: number }
  /** Its content could not be read any further; the handler has been told why. */
  | { readonly kind: "fileBroken"; readonly request: number };

export type FileToThread =
  | { readonly kind: "more"; readonly request: number }
  | { readonly kind: "fileStored"; readonly request: number; readonly reference: FileReference }
  | ({ readonly kind: "fileFailed"; readonly request: number } & SentError);

/** What a job's handler asks for of the files that the job was added with. */
export type InputToWorker =
  | { readonly kind: "readInput"; readonly request: number; readonly name: string; readonly start: number }
  | { readonly kind: "saveInput"; readonly request: number; readonly name: string };

export type InputToThread =
  | { readonly kind: "inputRead"; readonly request: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "inputSaved"; readonly request: number; readonly path: string }
  | ({ readonly kind: "inputFailed"; readonly request: number } & SentError);

/** What a job's handler does besides ending. */
export type JobToWorker =
  | { readonly kind: "progress"; readonly fraction: number; readonly message: string | undefined }
  | { readonly kind: "line"; readonly line: JobLine }
  | CheckpointToWorker
  | FileToWorker
  | InputToWorker;

/** What the worker answers to a job's handler. */
export type WorkerToJob =
  | { readonly kind: "abort"; readonly code: AbortCode }
  /** The last progress was taken; the newest since then may follow. */
  | { readonly kind: "progressTaken" }
  | CheckpointToThread
  | FileToThread
  | InputToThread;

export type ToWorker =
  /** The handler's module cannot be loaded: the thread is of no use. */
  | { readonly kind: "notLoaded"; readonly outcome: RunOutcome }
  | JobToWorker
  | { readonly kind: "ended"; readonly outcome: RunOutcome }
  /** An error that nothing caught ended the attempt; its handler may still be at work. */
  | { readonly kind: "crashed"; readonly outcome: RunOutcome }
  | { readonly kind: "looked"; readonly look: Look }
  /** An uncaught error of a job that had ended; the job is absent where it is unknown. */
  | { readonly kind: "stray"; readonly job: JobKeys | undefined; readonly failure: Failure };

export type ToThread =
  | { readonly kind: "run"; readonly task: ThreadTask }
  /** Lines of so many units were written. */
  | { readonly kind: "written"; readonly units: number }
  | WorkerToJob;
