import { setTimeout as delay } from "node:timers/promises";
import type { Batch } from "../../../domain/batch.ts";
import type { Job } from "../../../domain/job.ts";
import type { ApiRequest } from "../history/fact.ts";
import type { HistoryRecorder } from "../history/recorder.ts";

/** A job to add. */
export interface Addition {
  readonly type: string;
  readonly input: unknown;
  readonly idempotencyKey?: string;
  readonly delaySeconds?: number;
}

/** A batch to add. */
export interface BatchAddition {
  readonly type: string;
  readonly inputs: readonly unknown[];
  readonly idempotencyKey: string;
  /** What the job that follows it works on. */
  readonly followUp: object;
}

export interface ApiAnswer {
  /** Undefined where no answer came. */
  readonly status: number | undefined;
  readonly job: Job | undefined;
  readonly milliseconds: number;
}

/** Callers who see this principal are the same to the API. */
const OWNER = "iam:local";
const RETRY_MS = 250;
const GIVE_UP_MS = 180_000;

/** A client of the HTTP API, whose answers go into the history. */
export class ApiCaller {
  /** How long each add took, answered or not, in milliseconds. */
  readonly latencyMs: number[] = [];
  readonly #api: string;
  readonly #client: string;
  readonly #recorder: HistoryRecorder;

  constructor(api: string, client: string, recorder: HistoryRecorder) {
    this.#api = api;
    this.#client = client;
    this.#recorder = recorder;
  }

  async add({ type, input, idempotencyKey, delaySeconds }: Addition): Promise<ApiAnswer> {
    const payload = JSON.stringify({ type, input, delaySeconds });
    const request: ApiRequest = {
      operation: "add",
      owner: OWNER,
      type,
      payload,
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      ...(delaySeconds === undefined ? {} : { delaySeconds }),
    };
    const headers = {
      "content-type": "application/json",
      ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
    };
    const answer = await this.#call(request, "POST", "/jobs", { headers, body: payload });
    this.latencyMs.push(answer.milliseconds);
    return answer;
  }

  /** Adds a job as a careful client does: with the same key, until the answer says that it is there. @throws Error when none does. */
  async addUntilAccepted(addition: Addition): Promise<Job> {
    return await untilAccepted("a job", async () => {
      const { status, job } = await this.add(addition);
      return { status, body: job };
    });
  }

  /** The same of a batch. */
  async addBatchUntilAccepted({ type, inputs, idempotencyKey, followUp: input }: BatchAddition): Promise<Batch> {
    const body = JSON.stringify({ type, items: inputs.map((input) => ({ input })), onComplete: { type, input } });
    const headers = { "content-type": "application/json", "idempotency-key": idempotencyKey };
    return await untilAccepted("a batch", async () => {
      const answer = await this.#ask<Batch>("POST", "/batches", { headers, body });
      const { status, body: batch } = answer;
      if (status !== undefined) {
        const told = { kind: "batchAnswered", by: this.#client, idempotencyKey, status } as const;
        this.#recorder.record(batch === undefined ? told : { ...told, batch });
      }
      return answer;
    });
  }

  async cancelBatch(id: string): Promise<void> {
    await this.#ask("POST", `/batches/${id}/cancel`);
  }

  async cancel(jobId: string): Promise<ApiAnswer> {
    return await this.#call({ operation: "cancel", jobId }, "POST", `/jobs/${jobId}/cancel`);
  }

  async get(jobId: string): Promise<ApiAnswer> {
    return await this.#call({ operation: "get", jobId }, "GET", `/jobs/${jobId}`);
  }

  async #call(request: ApiRequest, method: string, path: string, init: RequestInit = {}): Promise<ApiAnswer> {
    const startedAt = performance.now();
    const asked = this.#recorder.facts.length;
    const { status, body: job } = await this.#ask<Job>(method, path, init);
    if (status !== undefined) {
      const answer = { kind: "answered", client: this.#client, request, asked, status } as const;
      this.#recorder.record(job === undefined ? answer : { ...answer, job });
    }
    return { status, job, milliseconds: performance.now() - startedAt };
  }

  async #ask<Body>(method: string, path: string, init: RequestInit = {}): Promise<Asked<Body>> {
    try {
      const response = await fetch(`${this.#api}${path}`, { method, ...init });
      const body = (await response.json()) as Body;
      return { status: response.status, body: response.ok ? body : undefined };
    } catch {
      return { status: undefined, body: undefined };
    }
  }
}

interface Asked<Body> {
  /** Undefined where no answer came. */
  readonly status: number | undefined;
  readonly body: Body | undefined;
}

async function untilAccepted<Body>(what: string, ask: () => Promise<Asked<Body>>): Promise<Body> {
  for (const deadline = performance.now() + GIVE_UP_MS; ; await delay(RETRY_MS)) {
    const { status, body } = await ask();
    if (status === 202 && body !== undefined) return body;
    if (status !== undefined && status < 500) throw new Error(`${what} was refused with ${status}`);
    if (performance.now() > deadline) throw new Error(`${what} was not accepted within ${GIVE_UP_MS / 1_000} s`);
  }
}
