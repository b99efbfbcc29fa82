import type { Job } from "../../../domain/job.ts";
import { declaredEvent } from "../../../domain/schedule-event.ts";
import { declaredScheduleName } from "../../../domain/schedule-settings.ts";
import type { WorkerSettings } from "../../../worker/settings.ts";
import type { Invariant } from "../checker/invariants.ts";
import type { Violation } from "../checker/verdict.ts";
import {
  type AddBatchRequest,
  type AddRequest,
  type ApiCall,
  addBatch,
  addJob,
  type BatchCall,
  cancelBatch,
  cancelJob,
  getJob,
  retryJob,
} from "./api-calls.ts";
import { followCompletions } from "./batch-subscription.ts";
import type { Interceptor } from "./call-gate.ts";
import { mapDeadLetters } from "./dead-letter-mapping.ts";
import { runSchedules } from "./schedule-runs.ts";
import type { SimulatedProcess } from "./simulated-process.ts";
import { type SimulatedWorker, type SimulatedWorkerSettings, startWorker } from "./simulated-worker.ts";
import { type ControlOperation, StageControl } from "./stage-control.ts";
import { UPLOADED } from "./uploaded-file.ts";
import type { World } from "./world.ts";

/** What is not the product's own about the workers of a stage. */
export interface StageSettings {
  readonly worker?: Partial<WorkerSettings> | undefined;
  /** Replaces dependencies, given the real ones. */
  readonly overrides?: SimulatedWorkerSettings["overrides"] | undefined;
}

/** Times that a client repeats a request whose Lambda died or failed, each time by a fresh one. */
const MAX_REPEATS = 5;
/** Rounds of recovery; each but the last ends because another process died, or a worker had shut down. */
const MAX_ROUNDS = 5;
/** How long a client or a scenario waits for what it needs next, in seconds: past a lease, with room for a put-back. */
const PATIENCE_SECONDS = 120;
/** After this much time without a fault, in seconds, nothing may be left to do. */
const SETTLE_SECONDS = 1_200;

/** Of a world that goes on and on, or in which nothing is left that could happen. */
export const DID_NOT_SETTLE = "the world did not settle";

/** A request that adds a job. */
interface Addition {
  readonly request: AddRequest;
  readonly isRepeatable: boolean;
  /** Asks once more. */
  readonly again: () => ApiCall;
  call: ApiCall;
}

/** What a scenario or a course works with: clients that repeat what got no answer, workers, and the recovery at the end. */
export class Stage {
  readonly world: World;
  /** What broke that no history shows. */
  readonly violations: Violation[] = [];
  /** What calls pass. */
  interceptor: Interceptor = (_, perform) => perform();
  readonly #settings: StageSettings;
  readonly #additions: Addition[] = [];
  readonly #batches: { readonly request: AddBatchRequest; call: BatchCall }[] = [];
  readonly #workers: SimulatedWorker[] = [];
  readonly #scheduledTimes = new Map<string, string>();
  readonly #control: StageControl;
  #moves = 0;

  constructor(world: World, settings: StageSettings = {}) {
    this.world = world;
    this.#settings = settings;
    this.#control = new StageControl(world);
    for (const begin of [mapDeadLetters, followCompletions, runSchedules]) begin(world);
  }

  /** How far the scenario has come: what it has begun so far. */
  get moves(): number {
    return this.#moves;
  }

  /** The last request with an idempotency key. */
  get keyedRequest(): AddRequest | undefined {
    return this.#additions.findLast(({ request }) => request.idempotencyKey !== undefined)?.request;
  }

  /** What jobs were added for, by the ID that their client was told; a key that was used again stands for its last job. */
  get accepted(): ReadonlyMap<string, AddRequest> {
    const added = this.#additions.flatMap(({ request, call: { answer } }) =>
      answer?.status === 202 ? [[answer.body.id, request] as const] : [],
    );
    return new Map(added);
  }

  /** From now on, calls pass this. */
  intercept(interceptor: Interceptor): void {
    this.interceptor = interceptor;
  }

  /** What must hold that no history shows. */
  demand(invariant: Invariant, holds: boolean, message: () => string): void {
    if (!holds) this.violations.push({ invariant, message: message() });
  }

  /** Workers that are not gone, oldest first. */
  get workers(): readonly SimulatedWorker[] {
    return this.#workers.filter(({ process }) => !process.gone);
  }

  /** Starts a worker. @param skewMs how far its clock is ahead. */
  worker(skewMs = 0): SimulatedWorker {
    this.#moves += 1;
    const { worker: settings, overrides = () => ({}) } = this.#settings;
    const worker = startWorker(this.world, {
      skewMs,
      overrides: (real) => ({ settings: { ...real.settings, ...settings }, ...overrides(real) }),
    });
    this.#workers.push(worker);
    return worker;
  }

  /** Tells the worker in this process to shut down. */
  tell(process: SimulatedProcess): void {
    this.#workers.find((worker) => worker.process === process)?.tell();
  }

  /** Begins to add a job, and waits for nothing. */
  beginToAdd(request: AddRequest, skewMs = 0): ApiCall {
    const again = (): ApiCall => addJob(this.world, request);
    const isRepeatable = request.idempotencyKey !== undefined;
    return this.#beginAddition({ request, isRepeatable, again, call: addJob(this.world, request, skewMs) });
  }

  /** Begins to retry a job whose ID the client knows, and waits for nothing. */
  beginToRetry(jobId: string, skewMs = 0): ApiCall {
    const { script } = this.accepted.get(jobId) ?? {};
    const again = (): ApiCall => retryJob(this.world, jobId);
    const call = retryJob(this.world, jobId, skewMs);
    return this.#beginAddition({ request: script === undefined ? {} : { script }, isRepeatable: true, again, call });
  }

  /** Retries a job, until it is answered. */
  async retry(jobId: string): Promise<void> {
    this.beginToRetry(jobId);
    await this.untilAnswered();
  }

  #beginAddition(addition: Addition): ApiCall {
    this.#moves += 1;
    this.#additions.push(addition);
    const { call } = addition;
    return call;
  }

  /**
   * Adds a job; with an idempotency key, until it is answered.
   *
   * @returns the job's ID, if the client knows it.
   */
  async add(request: AddRequest): Promise<string | undefined> {
    this.beginToAdd(request);
    await this.untilAnswered();
    return this.#additions.at(-1)?.call.answer?.body.id;
  }

  /** Cancels a job whose ID the client knows. A cancel without an answer is not repeated: the client may be gone too. */
  async cancel(jobId: string | undefined): Promise<void> {
    if (jobId === undefined) return;
    const call = this.beginToCancel(jobId);
    await this.world.until(() => call.over, PATIENCE_SECONDS);
  }

  /** Begins to cancel a job, and waits for nothing. */
  beginToCancel(jobId: string, skewMs = 0): ApiCall {
    this.#moves += 1;
    return cancelJob(this.world, jobId, skewMs);
  }

  /**
   * Declares a schedule that adds a job of the world's type, once; declared again, it fires for the same time again.
   *
   * @param seconds until it is due; 0: at once.
   */
  declare(name: string, seconds: number): void {
    this.#moves += 1;
    const { world } = this;
    const { name: jobType } = world.deployed.jobType;
    const at = Math.ceil((world.now + 1_000 * seconds) / 1_000) * 1_000;
    const scheduledTime = this.#scheduledTimes.get(name) ?? new Date(at).toISOString();
    this.#scheduledTimes.set(name, scheduledTime);
    const event = { ...declaredEvent(jobType, { name, input: {}, skipWhileRunning: false }), scheduledTime };
    world.platform.scheduler.once(declaredScheduleName(jobType, name), at, event);
  }

  /** Adds a batch, until it is answered. @returns its ID, if the client knows it. */
  async addBatch(request: AddBatchRequest): Promise<string | undefined> {
    this.beginToAddBatch(request);
    await this.untilAnswered();
    return this.batches.at(-1);
  }

  /** Begins to add a batch, and waits for nothing. */
  beginToAddBatch(request: AddBatchRequest): BatchCall {
    this.#moves += 1;
    const call = addBatch(this.world, request);
    this.#batches.push({ request, call });
    return call;
  }

  /** IDs of the batches that clients know. */
  get batches(): readonly string[] {
    return this.#batches.flatMap(({ call: { answer } }) => (answer?.status === 202 ? [answer.body.id] : []));
  }

  /** Cancels a batch whose ID the client knows. A cancel without an answer is not repeated. */
  async cancelBatch(id: string | undefined): Promise<void> {
    if (id === undefined) return;
    const call = this.beginToCancelBatch(id);
    await this.world.until(() => call.over, PATIENCE_SECONDS);
  }

  /** Begins to cancel a batch, and waits for nothing. */
  beginToCancelBatch(id: string): BatchCall {
    this.#moves += 1;
    return cancelBatch(this.world, id);
  }

  /** Pauses the world's type, or resumes it, until it is answered. */
  async control(operation: ControlOperation): Promise<void> {
    this.#moves += 1;
    this.#control.ask(operation);
    await this.untilAnswered();
  }

  /** Waits until a handler runs in the process, or anywhere. */
  async untilHandlerRuns(worker?: SimulatedWorker): Promise<void> {
    const by = worker?.process.name;
    const runs = (): boolean =>
      this.world.recorder.facts.some((fact) => fact.kind === "handlerStarted" && (by === undefined || fact.by === by));
    await this.world.until(runs, PATIENCE_SECONDS);
  }

  /** Waits until a job waits for a retry. */
  async untilWaiting(): Promise<void> {
    const { facts } = this.world.recorder;
    const waits = (): boolean => facts.some((fact) => fact.kind === "committed" && fact.job.nextAttemptAt !== undefined);
    await this.world.until(waits, PATIENCE_SECONDS);
  }

  /**
   * Faults stop: what stood still goes on, clients repeat additions that got no answer, and there is always a worker, until
   * the world has settled. Then every client reads its jobs.
   *
   * @param seconds of time that everything may take after the last fault.
   * @returns whether it settled.
   */
  async recover(seconds = SETTLE_SECONDS): Promise<boolean> {
    const { world } = this;
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      this.#moves += 1;
      for (const process of world.processes) process.resume();
      const gone = this.world.gone;
      if (!world.processes.some(({ kind, running }) => kind === "worker" && running)) this.worker();
      await this.untilAnswered();
      if ((await world.settle(seconds)) && this.#unanswered().length + this.#unansweredBatches().length === 0) {
        await this.#read();
        this.violations.push(...this.#control.violations());
        return true;
      }
      if (gone === this.world.gone) return false;
    }
    return false;
  }

  /** Waits until each addition that its client repeats has been answered. */
  async untilAnswered(): Promise<void> {
    for (let repeat = 0; repeat < MAX_REPEATS; repeat += 1) {
      const all = [...this.#additions, ...this.#batches, ...this.#control.asked];
      await this.world.until(() => all.every(({ call }) => call.over), PATIENCE_SECONDS);
      const unanswered = this.#unanswered();
      const batches = this.#unansweredBatches();
      if (unanswered.length + batches.length === 0 && !this.#control.isUnanswered) return;
      this.#control.repeat();
      for (const addition of unanswered) addition.call = addition.again();
      for (const addition of batches) addition.call = addBatch(this.world, addition.request);
    }
  }

  /** Requests that may be repeated, and whose Lambda died before it answered, or failed: nobody knows what it did. */
  #unanswered(): Addition[] {
    return this.#additions.filter(({ isRepeatable, call }) => isRepeatable && call.over && (call.answer?.status ?? 500) >= 500);
  }

  #unansweredBatches() {
    return this.#batches.filter(({ call }) => call.over && (call.answer?.status ?? 500) >= 500);
  }

  async #read(): Promise<void> {
    for (const id of this.accepted.keys()) {
      const call = getJob(this.world, id);
      await this.world.until(() => call.over);
      this.#checkFile(call.answer?.body);
    }
  }

  /** What a script read is what was there when its job was accepted. */
  #checkFile({ id, result }: Partial<Job> = {}): void {
    const { file } = (result ?? {}) as { readonly file?: string };
    this.demand(34, file === undefined || file === UPLOADED.text, () => `job ${id} read ${file}`);
  }
}
