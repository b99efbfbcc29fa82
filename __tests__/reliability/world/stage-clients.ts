import { type AddBatchRequest, type AddRequest, type ApiCall, type BatchCall, cancelBatch, cancelJob } from "./api-calls.ts";
import type { Requests } from "./requests.ts";
import { StageAdditions } from "./stage-additions.ts";
import { StageBatches } from "./stage-batches.ts";
import { type ControlOperation, StageControl } from "./stage-control.ts";
import type { World } from "./world.ts";

/** Times that a client repeats a request whose Lambda died or failed, each time by a fresh one. */
const MAX_REPEATS = 5;
/** How long a client or a scenario waits for what it needs next, in seconds: past a lease, with room for a put-back. */
export const PATIENCE_SECONDS = 120;

/** The clients of a stage: they add, retry, cancel and control, and repeat what got no answer. */
export class StageClients {
  readonly world: World;
  readonly #additions: StageAdditions;
  readonly #batches: StageBatches;
  protected readonly asked: StageControl;
  #moves = 0;

  constructor(world: World) {
    this.world = world;
    this.#additions = new StageAdditions(world);
    this.#batches = new StageBatches(world);
    this.asked = new StageControl(world);
  }

  /** How far the scenario has come: what it has begun so far. */
  get moves(): number {
    return this.#moves;
  }

  /** Counts what is about to begin. */
  protected move(): void {
    this.#moves += 1;
  }

  /** The last request with an idempotency key. */
  get keyedRequest(): AddRequest | undefined {
    return this.#additions.keyed;
  }

  /** See {@link StageAdditions.accepted}. */
  get accepted(): ReadonlyMap<string, AddRequest> {
    return this.#additions.accepted;
  }

  /** IDs of the batches that clients know. */
  get batches(): readonly string[] {
    return this.#batches.ids;
  }

  /** Begins to add a job, and waits for nothing. @param skewMs how far the Lambda's clock is ahead. */
  beginToAdd(request: AddRequest, skewMs = 0): ApiCall {
    this.move();
    return this.#additions.add(request, skewMs);
  }

  /** Begins to retry a job whose ID the client knows, and waits for nothing. */
  beginToRetry(jobId: string, skewMs = 0): ApiCall {
    this.move();
    return this.#additions.retry(jobId, skewMs);
  }

  /** Begins to cancel a job, and waits for nothing. */
  beginToCancel(jobId: string, skewMs = 0): ApiCall {
    this.move();
    return cancelJob(this.world, jobId, skewMs);
  }

  /** Begins to add a batch, and waits for nothing. */
  beginToAddBatch(request: AddBatchRequest): BatchCall {
    this.move();
    return this.#batches.add(request);
  }

  /** Begins to cancel a batch, and waits for nothing. */
  beginToCancelBatch(id: string): BatchCall {
    this.move();
    return cancelBatch(this.world, id);
  }

  /**
   * Adds a job; with an idempotency key, until it is answered.
   *
   * @returns the job's ID, if the client knows it.
   */
  async add(request: AddRequest): Promise<string | undefined> {
    this.beginToAdd(request);
    await this.untilAnswered();
    return this.#additions.calls.at(-1)?.answer?.body.id;
  }

  /** Retries a job, until it is answered. */
  async retry(jobId: string): Promise<void> {
    this.beginToRetry(jobId);
    await this.untilAnswered();
  }

  /** Adds a batch, until it is answered. @returns its ID, if the client knows it. */
  async addBatch(request: AddBatchRequest): Promise<string | undefined> {
    this.beginToAddBatch(request);
    await this.untilAnswered();
    return this.batches.at(-1);
  }

  /** Cancels a job whose ID the client knows. A cancel without an answer is not repeated: the client may be gone too. */
  async cancel(jobId: string | undefined): Promise<void> {
    if (jobId === undefined) return;
    const call = this.beginToCancel(jobId);
    await this.world.until(() => call.over, PATIENCE_SECONDS);
  }

  /** Cancels a batch whose ID the client knows. A cancel without an answer is not repeated. */
  async cancelBatch(id: string | undefined): Promise<void> {
    if (id === undefined) return;
    const call = this.beginToCancelBatch(id);
    await this.world.until(() => call.over, PATIENCE_SECONDS);
  }

  /** Pauses the world's type, or resumes it, until it is answered. */
  async control(operation: ControlOperation): Promise<void> {
    this.move();
    this.asked.ask(operation);
    await this.untilAnswered();
  }

  /** Waits until each request that its client repeats has been answered. */
  async untilAnswered(): Promise<void> {
    const requests: readonly Requests[] = [this.#additions, this.#batches, this.asked];
    for (let repeat = 0; repeat < MAX_REPEATS; repeat += 1) {
      const calls = requests.flatMap((kind) => kind.calls);
      await this.world.until(() => calls.every(({ over }) => over), PATIENCE_SECONDS);
      if (!requests.some((kind) => kind.isUnanswered)) return;
      for (const kind of requests) kind.repeat();
    }
  }

  /** Whether a client that was to get a job or a batch still has no answer. */
  protected get isUnanswered(): boolean {
    return this.#additions.isUnanswered || this.#batches.isUnanswered;
  }
}
