import type { components } from "./openapi.ts";

type Answered = components["schemas"]["Job"];

export type JobStatus = Answered["status"];

/** A job as the API answers it, with its input and result typed as its job type has them. */
export type Job<Input = unknown, Result = unknown> = Omit<Answered, "input" | "result"> & {
  /** Absent when it is large: then `inputLocation` and `inputUrl` tell where it is. */
  readonly input?: Input;
  /** Of a job that SUCCEEDED; absent when it is large. `JobsClient.result` reads it wherever it is. */
  readonly result?: WithLinks<Result>;
};

/** A job, or its ID. */
export type JobOrId<Input = unknown, Result = unknown> = Job<Input, Result> | string;

export function idOf(job: { readonly id: string } | string): string {
  return typeof job === "string" ? job : job.id;
}

const ENDED: ReadonlySet<JobStatus> = new Set(["SUCCEEDED", "FAILED", "CANCELLED"]);

export function hasEnded({ status }: Pick<Job, "status">): boolean {
  return ENDED.has(status);
}

/** A file that a job stored, as it stands in the job's result. */
export interface FileReference {
  readonly bucket: string;
  readonly key: string;
  readonly bytes: number;
  readonly contentType: string;
}

/** A result as `GET /jobs/{id}` answers it: with a link beside every file in it. */
export type WithLinks<Value> = Value extends FileReference
  ? Value & { readonly url?: string }
  : Value extends object
    ? { readonly [Member in keyof Value]: WithLinks<Value[Member]> }
    : Value;
