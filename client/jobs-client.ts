import { addHeaders, traceHeader } from "./add-headers.ts";
import type { Batch, BatchOrId, JobTypeDescription, JobTypeStatus, OpenApiDescription, Why } from "./answers.ts";
import { ApiCalls, type ApiSettings } from "./api-calls.ts";
import type {
  AddBatchOptions,
  AddOptions,
  BatchItem,
  CallOptions,
  PauseOptions,
  RetryOptions,
  UploadOptions,
  WaitAllOptions,
} from "./call-options.ts";
import { download, filesOf, type JobFile } from "./download.ts";
import { type FileContent, sizedContent } from "./file-content.ts";
import { hasEnded, idOf, type Job, type JobOrId } from "./job.ts";
import { type FileNameOf, type InputOf, nameOf, type ResultOf, type TypedJobType, type TypeOrName } from "./job-type.ts";
import { JobsApiError } from "./jobs-api-error.ts";
import { parseWithDigits } from "./json-digits.ts";
import { type JobFilters, jobPages, timeText } from "./listing.ts";
import type { components } from "./openapi.ts";
import { batchPath, pathOf, typePath } from "./paths.ts";
import { putFile } from "./put-file.ts";
import { DEFAULT_CONCURRENCY, jobsAsTheyEnd, MAX_WAIT_SECONDS, waitForLastJob } from "./waiting.ts";

export type { Batch, BatchOrId, JobTypeDescription, JobTypeStatus, OpenApiDescription, Why } from "./answers.ts";
export type {
  AddBatchOptions,
  AddOptions,
  BatchItem,
  CallOptions,
  PauseOptions,
  RetryOptions,
  UploadOptions,
  WaitAllOptions,
} from "./call-options.ts";

/** A job of a type, with its input and result typed. */
export type JobOf<Type extends TypedJobType> = Job<InputOf<Type>, ResultOf<Type>>;

type Upload = components["schemas"]["Upload"];

/**
 * A client of the jobs API, for Node (22 or newer) and browsers.
 *
 * Every call may be repeated without harm, and is: after a 429, a 503 or a broken connection, up to 5 times with growing, random pauses.
 * All throw `JobsApiError`, or the reason of their `signal`.
 *
 * @example
 * ```ts
 * const jobs = new JobsClient({ url: "https://abc123.execute-api.eu-central-1.amazonaws.com", iam: {} });
 * const job = await jobs.addAndWait(reportJob, { month: "2026-11" });
 * if (job.status === "SUCCEEDED") console.log(await jobs.result(job));
 * ```
 */
export class JobsClient {
  readonly #calls: ApiCalls;

  constructor(settings: ApiSettings) {
    this.#calls = new ApiCalls(settings);
  }

  /** Adds a job. It is stored, and will run. */
  async add<Type extends TypedJobType>(
    type: TypeOrName<Type>,
    input: InputOf<Type>,
    { signal, idempotencyKey, traceparent, runAt, ...options }: AddOptions<Type> = {},
  ): Promise<JobOf<Type>> {
    const due = runAt === undefined ? {} : { runAt: timeText("runAt", runAt) };
    return await this.#calls.call("POST", "/jobs", {
      headers: addHeaders(idempotencyKey, traceparent),
      body: { type: nameOf(type), input, ...options, ...due },
      signal,
    });
  }

  /** Adds a job and waits until it has ended, however it ended. */
  async addAndWait<Type extends TypedJobType>(
    type: TypeOrName<Type>,
    input: InputOf<Type>,
    options: AddOptions<Type> = {},
  ): Promise<JobOf<Type>> {
    return await this.wait(await this.add(type, input, options), options);
  }

  /**
   * Adds up to 300 jobs of one type, all or none. Under a key of your own, a call that your process did not live to see the end of can be
   * made again, and goes on where it stopped.
   */
  async addBatch<Type extends TypedJobType>(
    type: TypeOrName<Type>,
    items: readonly BatchItem<Type>[],
    { signal, idempotencyKey, traceparent, onComplete, tags }: AddBatchOptions = {},
  ): Promise<Batch> {
    const follow = onComplete && { onComplete: { ...onComplete, type: nameOf(onComplete.type) } };
    return await this.#calls.call("POST", "/batches", {
      headers: addHeaders(idempotencyKey, traceparent),
      body: { type: nameOf(type), items, ...follow, ...(tags === undefined ? {} : { tags }) },
      signal,
    });
  }

  /** Reads a batch. */
  async getBatch(batch: BatchOrId, { signal }: CallOptions = {}): Promise<Batch> {
    return await this.#calls.call("GET", batchPath(batch), { signal });
  }

  /** Waits until all jobs of a batch have ended, however they ended. `AbortSignal.timeout` bounds the wait. */
  async waitForBatch(batch: BatchOrId, options: CallOptions = {}): Promise<Batch> {
    const waitFor = this.#waitFor.bind(this);
    for (;;) {
      const read = await this.getBatch(batch, options);
      if (read.status === "COMPLETE") return read;
      const pending = this.batchJobs(batch, { status: ["QUEUED", "RUNNING"] }, options);
      await waitForLastJob(pending, waitFor, options.signal);
    }
  }

  /** The jobs of a batch, in the order of its items; pages are read as the loop gets to them. */
  async *batchJobs<Type extends TypedJobType>(
    batch: BatchOrId,
    filters: Pick<JobFilters<Type>, "status" | "pageSize"> = {},
    { signal }: CallOptions = {},
  ): AsyncGenerator<JobOf<Type>, void, undefined> {
    const path = `${batchPath(batch)}/jobs`;
    const pages = jobPages(filters, async (query) => await this.#calls.call("GET", path, { query, signal }));
    for await (const page of pages) yield* page as JobOf<Type>[];
  }

  /** Cancels the jobs of a batch that have not ended. Those that run are asked to stop, and may take a while. */
  async cancelBatch(batch: BatchOrId, { signal }: CallOptions = {}): Promise<Batch> {
    return await this.#calls.call("POST", `${batchPath(batch)}/cancel`, { signal });
  }

  /** Reads a job, with fresh links to what it has in S3. */
  async get<Input, Result>(job: JobOrId<Input, Result>, { signal }: CallOptions = {}): Promise<Job<Input, Result>> {
    return await this.#calls.call("GET", pathOf(job), { signal });
  }

  /** Waits until a job has ended, however it ended: see its `status` and `error`. `AbortSignal.timeout` bounds the wait. */
  async wait<Input, Result>(job: JobOrId<Input, Result>, { signal }: CallOptions = {}): Promise<Job<Input, Result>> {
    for (;;) {
      const read = await this.#waitFor<Input, Result>(idOf(job), MAX_WAIT_SECONDS, signal);
      if (hasEnded(read)) return read;
    }
  }

  /** Waits for any number of jobs, with few requests at a time, and gives each as it ends. */
  async *waitAll<Input, Result>(
    jobs: Iterable<JobOrId<Input, Result>>,
    { concurrency = DEFAULT_CONCURRENCY, signal }: WaitAllOptions = {},
  ): AsyncGenerator<Job<Input, Result>, void, undefined> {
    const waitFor = this.#waitFor.bind(this);
    yield* jobsAsTheyEnd(Array.from(jobs, idOf), waitFor, { concurrency, signal }) as AsyncGenerator<Job<Input, Result>>;
  }

  /** Jobs, newest first; pages are read as the loop gets to them. */
  async *list<Type extends TypedJobType>(
    filters: JobFilters<Type> = {},
    { signal }: CallOptions = {},
  ): AsyncGenerator<JobOf<Type>, void, undefined> {
    const pages = jobPages(filters, async (query) => await this.#calls.call("GET", "/jobs", { query, signal }));
    for await (const page of pages) yield* page as JobOf<Type>[];
  }

  /** Cancels a job. One that runs is asked to stop (`cancelRequestedAt`), and may take a while. */
  async cancel<Input, Result>(job: JobOrId<Input, Result>, { signal }: CallOptions = {}): Promise<Job<Input, Result>> {
    return await this.#calls.call("POST", `${pathOf(job)}/cancel`, { signal });
  }

  /** Adds a job that does an ended one again, at once: the same input, files and tags. Repeated, it is the same new job. */
  async retry<Input, Result>(
    job: JobOrId<Input, Result>,
    { signal, traceparent }: RetryOptions = {},
  ): Promise<Job<Input, Result>> {
    return await this.#calls.call("POST", `${pathOf(job)}/retry`, { headers: traceHeader(traceparent), signal });
  }

  /** Why a job is where it is: the cause, what shows it, and what mends it. */
  async why(job: JobOrId, { signal }: CallOptions = {}): Promise<Why> {
    return await this.#calls.call("GET", `${pathOf(job)}/why`, { signal });
  }

  /**
   * How the jobs of a type fare now: what waits and runs, its workers, and what keeps them from working.
   *
   * @param options hours: from 1 to 72; the answer has `series` of so many then.
   */
  async status(type: TypeOrName, { hours, signal }: CallOptions & { readonly hours?: number } = {}): Promise<JobTypeStatus> {
    return await this.#calls.call("GET", `${typePath(type)}/status`, { query: { hours }, signal });
  }

  /** The job types that can be asked for. */
  async jobTypes({ signal }: CallOptions = {}): Promise<readonly JobTypeDescription[]> {
    const { items } = await this.#calls.call<{ items: JobTypeDescription[] }>("GET", "/job-types", { signal });
    return items;
  }

  /**
   * Pauses a job type: its jobs are accepted, and none starts; those that run end, and then its workers stop. One that is paused already stays
   * as it is.
   */
  async pause<Type extends TypedJobType>(
    type: TypeOrName<Type>,
    { reason, signal }: PauseOptions = {},
  ): Promise<JobTypeDescription> {
    return await this.#calls.call("POST", `${typePath(type)}/pause`, { body: { reason }, signal });
  }

  /** Resumes a job type, and starts workers for the jobs that wait. */
  async resume<Type extends TypedJobType>(type: TypeOrName<Type>, { signal }: CallOptions = {}): Promise<JobTypeDescription> {
    return await this.#calls.call("POST", `${typePath(type)}/resume`, { signal });
  }

  /** The API's OpenAPI description, with the input of each job type that there is now. */
  async openApi({ signal }: CallOptions = {}): Promise<OpenApiDescription> {
    return await this.#calls.call("GET", "/openapi.json", { signal });
  }

  /**
   * Uploads a file for a job that is to be added, past the API and straight to S3: at most 5 GB, within the hour.
   *
   * @param name one of the names in the type's `files`.
   * @returns what `files` takes: `jobs.add(etlJob, input, { files: { data: await jobs.upload(etlJob, "data", blob) } })`.
   */
  async upload<Type extends TypedJobType>(
    type: TypeOrName<Type>,
    name: FileNameOf<Type>,
    content: FileContent,
    { bytes, contentType, onProgress, signal }: UploadOptions = {},
  ): Promise<string> {
    const file = sizedContent(content, bytes);
    const sentType = contentType ?? file.contentType;
    const described = {
      type: nameOf(type),
      name,
      bytes: file.bytes,
      ...(sentType === undefined ? {} : { contentType: sentType }),
    };
    const target = await this.#calls.call<Upload>("POST", "/uploads", { body: described, signal });
    const { retries } = this.#calls;
    // A stream that was begun cannot be sent again.
    const settings = file.content instanceof Blob ? retries : { ...retries, tries: 1 };
    await putFile(target, file, { onProgress, signal, retries: settings });
    return target.upload;
  }

  /** The result of a job that SUCCEEDED, wherever it is kept. A result may have 64 MiB: `resultStream` reads it piece by piece. */
  async result<Input, Result>(job: JobOrId<Input, Result>, options: CallOptions = {}): Promise<Job<Input, Result>["result"]> {
    const read = await this.#succeeded<Input, Result>(job, options);
    if (read.resultUrl === undefined) return read.result;
    const text = new Response(await this.#download(read.resultUrl, options));
    return (await text.json()) as Job<Input, Result>["result"];
  }

  /** The same as JSON text, for other readers of it, or for numbers that JavaScript's own cannot hold: they have all their digits. */
  async resultStream(job: JobOrId, options: CallOptions = {}): Promise<ReadableStream<Uint8Array>> {
    const { resultUrl, result } = await this.#succeeded(job, options, parseWithDigits);
    if (resultUrl === undefined) return new Blob([JSON.stringify(result ?? null)]).stream();
    return await this.#download(resultUrl, options);
  }

  /** The files in the result of a job that SUCCEEDED; of a result over 1 MiB none, and the first 1,000 of one over 4 KiB. */
  async files(job: JobOrId, options: CallOptions = {}): Promise<readonly JobFile[]> {
    const read = async (signal: AbortSignal | undefined): Promise<Job> =>
      await this.#succeeded(job, signal === undefined ? {} : { signal });
    return filesOf(await read(options.signal), read, this.#calls.retries);
  }

  async #waitFor<Input, Result>(id: string, waitSeconds: number, signal?: AbortSignal): Promise<Job<Input, Result>> {
    return await this.#calls.call("GET", pathOf(id), { waitSeconds, signal });
  }

  /** Reads the job anew, as links live for an hour. @throws JobsApiError `JobNotSucceeded` */
  async #succeeded<Input, Result>(
    job: JobOrId<Input, Result>,
    { signal }: CallOptions,
    parse: (text: string) => unknown = JSON.parse,
  ): Promise<Job<Input, Result>> {
    const read = await this.#calls.call<Job<Input, Result>>("GET", pathOf(job), { parse, signal });
    if (read.status === "SUCCEEDED") return read;
    const why = read.error === undefined ? "" : ` (${read.error.code}: ${read.error.message})`;
    throw new JobsApiError(`job ${read.id} is ${read.status}${why}; only a job that SUCCEEDED has a result`, {
      code: "JobNotSucceeded",
    });
  }

  async #download(url: string, { signal }: CallOptions): Promise<ReadableStream<Uint8Array>> {
    return await download({ url }, { settings: this.#calls.retries, signal });
  }
}
