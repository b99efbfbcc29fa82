import type { MessagePort } from "node:worker_threads";
import type { FileReference } from "./define-job.ts";
import type { AbortCode } from "./job-aborted-error.ts";
import type { LogLevel } from "./runner.ts";

/** What the pool hands to a job's thread. */
export interface ThreadTask {
  readonly id: string;
  readonly type: string;
  readonly attempt: number;
  /** JSON text. */
  readonly input: string;
  readonly port: MessagePort;
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
  | {
      readonly kind: "fileFailed";
      readonly request: number;
      readonly message: string;
      readonly properties: { readonly name: string; readonly code?: string };
    };

export type ToWorker =
  | { readonly kind: "progress"; readonly fraction: number; readonly message: string | undefined }
  | { readonly kind: "log"; readonly level: LogLevel; readonly message: string; readonly details: string | undefined }
  | FileToWorker;

export type ToThread = { readonly kind: "abort"; readonly code: AbortCode } | FileToThread;
