import type { Batch } from "@autoscaling-job-queues/domain/batch";
import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import type { Job } from "@autoscaling-job-queues/domain/job";
import { MAX_WAIT_SECONDS } from "@autoscaling-job-queues/domain/limits";

/** A job as the API answers with it: with links to what is in S3. */
export type LinkedJob = Job & { readonly resultUrl?: string; readonly resultFiles?: readonly unknown[] };

export interface ApiAnswer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface AddJob {
  readonly type: string;
  readonly input: unknown;
  /** Uploads, by the names of the files. */
  readonly files?: Readonly<Record<string, string>>;
  readonly delaySeconds?: number;
}

export interface AddBatch {
  readonly type: string;
  readonly items: readonly Pick<AddJob, "input" | "files">[];
  readonly onComplete?: Pick<AddJob, "type" | "input">;
}

/** A file that a job is to be added with. */
export interface FileToUpload {
  readonly type: string;
  readonly name: string;
  readonly content: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
}

interface Upload {
  readonly upload: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A caller of the HTTP API, as any client is one. */
export class ApiClient {
  readonly #address: string;
  readonly #tags: Readonly<Record<string, string>>;

  /** @param tags of every job that it adds. */
  constructor(address: string, tags: Readonly<Record<string, string>>) {
    this.#address = address;
    this.#tags = tags;
  }

  /** Uploads a file. @returns what a job names. */
  async upload({ content, ...file }: FileToUpload): Promise<string> {
    const asked = JSON.stringify({ ...file, bytes: content.byteLength });
    const { upload, url, headers } = (await this.#call<Upload>("POST", "/uploads", { body: asked })).body;
    const stored = await fetch(url, { method: "PUT", headers, body: content });
    if (!stored.ok)
      throw new JobQueueError("UploadFailed", `the upload was answered with ${stored.status}: ${await stored.text()}`);
    return upload;
  }

  async addJob({ type, input, files, delaySeconds }: AddJob, idempotencyKey?: string): Promise<ApiAnswer<Job>> {
    return await this.#call("POST", "/jobs", {
      headers: {
        "content-type": "application/json",
        ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
      },
      body: JSON.stringify({ type, input, files, delaySeconds, tags: this.#tags }),
    });
  }

  async addBatch(batch: AddBatch, idempotencyKey: string): Promise<ApiAnswer<Batch>> {
    return await this.#call("POST", "/batches", {
      headers: { "content-type": "application/json", "idempotency-key": idempotencyKey },
      body: JSON.stringify(batch),
    });
  }

  async batch(id: string): Promise<Batch> {
    return (await this.#call<Batch>("GET", `/batches/${id}`)).body;
  }

  async job(id: string): Promise<LinkedJob> {
    return (await this.#call<LinkedJob>("GET", `/jobs/${id}`)).body;
  }

  /** A job once it has ended, or as it is after the longest wait that the API offers. */
  async jobWhenEnded(id: string): Promise<LinkedJob> {
    return (await this.#call<LinkedJob>("GET", `/jobs/${id}?waitSeconds=${MAX_WAIT_SECONDS}`)).body;
  }

  /** Running jobs that have this client's tags, newest first. */
  async runningJobs(): Promise<readonly Job[]> {
    const query = new URLSearchParams({ status: "RUNNING", limit: "50" });
    for (const [key, value] of Object.entries(this.#tags)) query.append("tag", `${key}:${value}`);
    return (await this.#call<{ readonly items: readonly Job[] }>("GET", `/jobs?${query}`)).body.items;
  }

  async retry(id: string): Promise<ApiAnswer<Job>> {
    return await this.#call("POST", `/jobs/${id}/retry`);
  }

  async cancel(id: string): Promise<ApiAnswer<Job>> {
    return await this.#call("POST", `/jobs/${id}/cancel`);
  }

  async #call<Body>(method: string, path: string, init: RequestInit = {}): Promise<ApiAnswer<Body>> {
    const response = await fetch(`${this.#address}${path}`, { method, ...init });
    const text = await response.text();
    if (!response.ok) throw new JobQueueError("ApiError", `${method} ${path} was answered with ${response.status}: ${text}`);
    return { status: response.status, headers: response.headers, body: JSON.parse(text) as Body };
  }
}
