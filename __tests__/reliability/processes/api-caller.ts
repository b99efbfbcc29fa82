import { setTimeout as delay } from "node:timers/promises";
import type { Job } from "../../../domain/job.ts";
import type { ApiRequest } from "../history/fact.ts";
import type { HistoryRecorder } from "../history/recorder.ts";

/** A job to add. */
export interface Addition {
  readonly type: string;
  readonly input: unknown;
  readonly idempotencyKey?: string;
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

  async add({ type, input, idempotencyKey }: Addition): Promise<ApiAnswer> {
    const payload = JSON.stringify({ type, input });
    const request: ApiRequest = {
      operation: "add",
      owner: OWNER,
      type,
      payload,
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
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
    for (const deadline = performance.now() + GIVE_UP_MS; ; await delay(RETRY_MS)) {
      const { status, job } = await this.add(addition);
      if (status === 202 && job !== undefined) return job;
      if (status !== undefined && status < 500) throw new Error(`a job was refused with ${status}`);
      if (performance.now() > deadline) throw new Error(`a job was not accepted within ${GIVE_UP_MS / 1_000} s`);
    }
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
    try {
      const response = await fetch(`${this.#api}${path}`, { method, ...init });
      const body = (await response.json()) as Job;
      const { status } = response;
      const job = response.ok ? body : undefined;
      const answer = { kind: "answered", client: this.#client, request, asked, status } as const;
      this.#recorder.record(job === undefined ? answer : { ...answer, job });
      return { status, job, milliseconds: performance.now() - startedAt };
    } catch {
      return { status: undefined, job: undefined, milliseconds: performance.now() - startedAt };
    }
  }
}
