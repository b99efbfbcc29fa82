import type { WorkerSettings } from "../../../worker/settings.ts";
import type { Invariant } from "../checker/invariants.ts";
import type { Violation } from "../checker/verdict.ts";
import { type AddRequest, type ApiCall, addJob, cancelJob, getJob, type InvocationSettings } from "../world/api-calls.ts";
import type { Interceptor } from "../world/call-gate.ts";
import { type DeadLetterMappingSettings, mapDeadLetters } from "../world/dead-letter-mapping.ts";
import type { SimulatedProcess } from "../world/simulated-process.ts";
import { type SimulatedWorker, type SimulatedWorkerSettings, startWorker } from "../world/simulated-worker.ts";
import type { World } from "../world/world.ts";

/** Replaces dependencies of processes, to show that the enumeration notices what is broken. */
export interface Variant {
  readonly worker?: NonNullable<SimulatedWorkerSettings["overrides"]>;
  readonly api?: NonNullable<InvocationSettings["overrides"]>;
  readonly deadLetter?: NonNullable<DeadLetterMappingSettings["overrides"]>;
}

/** Times that a client repeats a request whose Lambda died, each time by a fresh one. */
const MAX_REPEATS = 5;
/** Rounds of recovery; each but the last ends because another process died, or a worker had shut down. */
const MAX_ROUNDS = 5;
/** How long a scenario waits for what it needs next, in seconds: past a lease, with room for a put-back. */
const PATIENCE_SECONDS = 120;
/** After this much time without a fault, in seconds, nothing may be left to do. */
const SETTLE_SECONDS = 1_200;

interface Addition {
  readonly request: AddRequest;
  call: ApiCall;
}

/** What a scenario works with: clients that repeat what got no answer, workers, and the recovery at the end. */
export class Stage {
  readonly world: World;
  /** What broke that no history shows. */
  readonly violations: Violation[] = [];
  /** What calls pass. */
  interceptor: Interceptor = (_, perform) => perform();
  readonly #settings: Partial<WorkerSettings>;
  readonly #variant: Variant;
  readonly #additions: Addition[] = [];
  readonly #workers: SimulatedWorker[] = [];
  #moves = 0;

  constructor(world: World, settings: Partial<WorkerSettings> = {}, variant: Variant = {}) {
    this.world = world;
    this.#settings = settings;
    this.#variant = variant;
    mapDeadLetters(world, override(variant.deadLetter));
  }

  /** How far the scenario has come: what it has begun so far. */
  get moves(): number {
    return this.#moves;
  }

  /** The last request with an idempotency key. */
  get keyedRequest(): AddRequest | undefined {
    return this.#additions.findLast(({ request }) => request.idempotencyKey !== undefined)?.request;
  }

  /** From now on, calls pass this. */
  intercept(interceptor: Interceptor): void {
    this.interceptor = interceptor;
  }

  /** What must hold that no history shows. */
  demand(invariant: Invariant, holds: boolean, message: () => string): void {
    if (!holds) this.violations.push({ invariant, message: message() });
  }

  /** Starts a worker. */
  worker(): SimulatedWorker {
    this.#moves += 1;
    const { worker: overrides = () => ({}) } = this.#variant;
    const worker = startWorker(this.world, {
      overrides: (real) => ({ settings: { ...real.settings, ...this.#settings }, ...overrides(real) }),
    });
    this.#workers.push(worker);
    return worker;
  }

  /** Tells the worker in this process to shut down. */
  tell(process: SimulatedProcess): void {
    this.#workers.find((worker) => worker.process === process)?.tell();
  }

  /** Begins to add a job, and waits for nothing. */
  beginToAdd(request: AddRequest): ApiCall {
    this.#moves += 1;
    const call = addJob(this.world, request, override(this.#variant.api));
    this.#additions.push({ request, call });
    return call;
  }

  /**
   * Adds a job; with an idempotency key, until it is answered.
   *
   * @returns the job's ID, if the client knows it.
   */
  async add(request: AddRequest): Promise<string | undefined> {
    this.beginToAdd(request);
    await this.#repeatAdditions();
    return this.#additions.at(-1)?.call.answer?.body.id;
  }

  /** Cancels a job whose ID the client knows. A cancel without an answer is not repeated: the client may be gone too. */
  async cancel(jobId: string | undefined): Promise<void> {
    if (jobId === undefined) return;
    const call = this.beginToCancel(jobId);
    await this.world.until(() => call.over, PATIENCE_SECONDS);
  }

  /** Begins to cancel a job, and waits for nothing. */
  beginToCancel(jobId: string): ApiCall {
    this.#moves += 1;
    return cancelJob(this.world, jobId, override(this.#variant.api));
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
   * @returns whether it settled.
   */
  async recover(): Promise<boolean> {
    const { world } = this;
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      this.#moves += 1;
      for (const process of world.processes) process.resume();
      const gone = this.#gone();
      if (!world.processes.some(({ kind, running }) => kind === "worker" && running)) this.worker();
      await this.#repeatAdditions();
      if ((await world.settle(SETTLE_SECONDS)) && this.#unanswered().length === 0) {
        await this.#read();
        return true;
      }
      if (gone === this.#gone()) return false;
    }
    return false;
  }

  async #repeatAdditions(): Promise<void> {
    for (let repeat = 0; repeat < MAX_REPEATS; repeat += 1) {
      await this.world.until(() => this.#additions.every(({ call }) => call.over), PATIENCE_SECONDS);
      const unanswered = this.#unanswered();
      if (unanswered.length === 0) return;
      for (const addition of unanswered) addition.call = addJob(this.world, addition.request, override(this.#variant.api));
    }
  }

  /** Requests that may be repeated, and whose Lambda died before it answered. */
  #unanswered(): Addition[] {
    return this.#additions.filter(
      ({ request, call }) => call.over && call.answer === undefined && request.idempotencyKey !== undefined,
    );
  }

  #gone(): number {
    return this.world.processes.filter((process) => process.gone).length;
  }

  async #read(): Promise<void> {
    const ids = new Set(this.#additions.flatMap(({ call }) => (call.answer?.status === 202 ? [call.answer.body.id] : [])));
    for (const id of ids) {
      const call = getJob(this.world, id);
      await this.world.until(() => call.over);
    }
  }
}

function override<Overrides>(overrides: Overrides | undefined): { readonly overrides?: Overrides } {
  return overrides === undefined ? {} : { overrides };
}
