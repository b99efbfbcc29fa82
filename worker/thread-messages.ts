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

export type ToWorker =
  | { readonly kind: "progress"; readonly fraction: number; readonly message: string | undefined }
  | { readonly kind: "log"; readonly level: LogLevel; readonly message: string; readonly details: string | undefined }
  | {
      readonly kind: "putFile";
      readonly request: number;
      readonly name: string;
      readonly content: Uint8Array | string;
      readonly contentType: string;
    };

export type ToThread =
  | { readonly kind: "abort"; readonly code: AbortCode }
  | { readonly kind: "fileStored"; readonly request: number; readonly reference: FileReference }
  | { readonly kind: "fileFailed"; readonly request: number; readonly message: string };
