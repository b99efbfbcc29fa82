import type { JobFile } from "@autoscaling-job-queues/domain/job";
import type { FileReference } from "../define-job.ts";
import type { FileContent } from "../file-content.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

/** One attempt, as a runner sees it. */
export interface Run {
  readonly id: string;
  readonly type: string;
  readonly attempt: number;
  /** What the handler passes on to the services that it calls (W3C Trace Context). */
  readonly traceparent?: string | undefined;
  /** JSON text, as the caller sent it. Whoever runs the handler parses it, by the job type's schema. */
  readonly input: string;
  /** JSON text: the last checkpoint of an earlier attempt, where there is one. */
  readonly resumeFrom?: string | undefined;
  /** The files that the job was added with. */
  readonly files: Readonly<Record<string, JobFile>>;
  /** Asks the handler to stop; its reason is a `JobAbortedError`. */
  readonly signal: AbortSignal;
  /** Ends the handler by force: the grace after `signal` is over. */
  readonly kill: AbortSignal;
  progress(fraction: number, message?: string): void;
  log(level: LogLevel, message: string, details?: Readonly<Record<string, unknown>>): void;
  /**
   * Settles when this checkpoint, or one that took its place, is stored.
   *
   * @param json at most `MAX_CHECKPOINT_BYTES`.
   * @throws JobAbortedError "LeaseLost" when the attempt no longer holds the job, or AWS's errors.
   */
  checkpoint(json: string): Promise<void>;
  /** Gives up at `kill`, and removes what it has stored by then. */
  putFile(name: string, content: FileContent, contentType: string): Promise<FileReference>;
  /** Some bytes of one of `files`, from `start` on. Gives up at `signal`; see `AttemptFiles`. */
  readFile(name: string, start: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Downloads one of `files`. Gives up at `signal`. @returns its path, which is there until the run has settled. */
  saveFile(name: string): Promise<string>;
}

/** How a handler ended. */
export type RunOutcome =
  /** `json` is undefined where the handler returned nothing. */
  | { readonly kind: "returned"; readonly json: string | undefined }
  | {
      readonly kind: "failed";
      readonly code: string;
      readonly message: string;
      /** Another attempt cannot help. */
      readonly permanent: boolean;
      readonly retryAfterSeconds?: number;
      /** For the log alone: it names files and lines. */
      readonly stack?: string;
    }
  /** This worker could not begin the attempt, and could begin no other: its disk is full, no thread or process starts. */
  | { readonly kind: "notBegun"; readonly code: string; readonly message: string };

/**
 * Runs handlers. A run settles soon after `kill`, whatever the handler does, and never rejects: what keeps it from running a
 * handler is an outcome too.
 */
export interface Runner {
  run(run: Run): Promise<RunOutcome>;
  /** @throws Error where something of a handler cannot be ended: the process does not exit by itself then. */
  close(): Promise<void>;
}
