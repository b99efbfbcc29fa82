import type { Job, StoredJob } from "../../../domain/job.ts";
import { isTerminal } from "../../../domain/job.ts";
import type { Fact } from "../history/fact.ts";
import { ApiCaller } from "./api-caller.ts";
import type { ChaosPlatform } from "./chaos-platform.ts";
import type { WorkerChild } from "./worker-child.ts";

/** What tests of single workers ask of a platform. */
export class OneWorker {
  readonly caller: ApiCaller;
  readonly #platform: ChaosPlatform;
  readonly #workers = new Set<WorkerChild>();

  constructor(platform: ChaosPlatform) {
    this.#platform = platform;
    this.caller = new ApiCaller(platform.api, "tester", platform.recorder);
  }

  async start(type: string, variables: NodeJS.ProcessEnv = {}): Promise<WorkerChild> {
    const worker = await this.#platform.startWorker(type, variables);
    this.#workers.add(worker);
    await worker.process.logged("worker started");
    return worker;
  }

  /** Ends the workers that are left. */
  async end(): Promise<void> {
    for (const worker of this.#workers) worker.signal("SIGKILL");
    await Promise.all([...this.#workers].map(({ ended }) => ended));
    this.#workers.clear();
  }

  async add(type: string, input: unknown): Promise<Job> {
    return await this.caller.addUntilAccepted({ type, input });
  }

  async addMany(count: number, type: string, input: unknown): Promise<Job[]> {
    return await Promise.all(Array.from({ length: count }, () => this.add(type, input)));
  }

  /** Waits for a fact about a job. */
  async until(job: Pick<Job, "id">, kind: "handlerStarted" | "handlerEnded", attempt = 1): Promise<void> {
    await this.#platform.recorder.until((fact) => fact.kind === kind && fact.jobId === job.id && fact.attempt === attempt);
  }

  /** Waits for a version of a job. @returns it. */
  async untilVersion(job: Pick<Job, "id">, fits: (job: StoredJob) => boolean): Promise<StoredJob> {
    let found: StoredJob | undefined;
    await this.#platform.recorder.until((fact) => {
      if (found === undefined && fact.kind === "committed" && fact.job.id === job.id && fits(fact.job)) found = fact.job;
      return found !== undefined;
    });
    return found as StoredJob;
  }

  async untilEnd(job: Pick<Job, "id">): Promise<StoredJob> {
    return await this.untilVersion(job, isTerminal);
  }

  /** Extensions of the lease of one claim. */
  extensions(job: Pick<Job, "id">, attempt = 1): readonly Fact[] {
    const { facts } = this.#platform.recorder;
    return facts.filter((fact) => fact.kind === "leaseExtended" && fact.jobId === job.id && fact.attempt === attempt);
  }
}
