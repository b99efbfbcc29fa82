import type { Job } from "../../../domain/job.ts";
import { declaredEvent } from "../../../domain/schedule-event.ts";
import { declaredScheduleName } from "../../../domain/schedule-settings.ts";
import type { WorkerSettings } from "../../../worker/settings.ts";
import type { Invariant } from "../checker/invariants.ts";
import type { Violation } from "../checker/verdict.ts";
import { getJob } from "./api-calls.ts";
import { followCompletions } from "./batch-subscription.ts";
import type { Interceptor } from "./call-gate.ts";
import { mapDeadLetters } from "./dead-letter-mapping.ts";
import { runSchedules } from "./schedule-runs.ts";
import type { SimulatedProcess } from "./simulated-process.ts";
import { type SimulatedWorker, type SimulatedWorkerSettings, startWorker } from "./simulated-worker.ts";
import { PATIENCE_SECONDS, StageClients } from "./stage-clients.ts";
import { UPLOADED } from "./uploaded-file.ts";
import type { World } from "./world.ts";

/** What is not the product's own about the workers of a stage. */
export interface StageSettings {
  readonly worker?: Partial<WorkerSettings> | undefined;
  /** Replaces dependencies, given the real ones. */
  readonly overrides?: SimulatedWorkerSettings["overrides"] | undefined;
}

/** Rounds of recovery; each but the last ends because another process died, or a worker had shut down. */
const MAX_ROUNDS = 5;
/** After this much time without a fault, in seconds, nothing may be left to do. */
const SETTLE_SECONDS = 1_200;

/** Of a world that goes on and on, or in which nothing is left that could happen. */
export const DID_NOT_SETTLE = "the world did not settle";

/** What a scenario or a course works with: clients that repeat what got no answer, workers, and the recovery at the end. */
export class Stage extends StageClients {
  /** What broke that no history shows. */
  readonly violations: Violation[] = [];
  /** What calls pass. */
  interceptor: Interceptor = (_, perform) => perform();
  readonly #settings: StageSettings;
  readonly #workers: SimulatedWorker[] = [];
  readonly #scheduledTimes = new Map<string, string>();

  constructor(world: World, settings: StageSettings = {}) {
    super(world);
    this.#settings = settings;
    for (const begin of [mapDeadLetters, followCompletions, runSchedules]) begin(world);
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
    this.move();
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

  /**
   * Declares a schedule that adds a job of the world's type, once; declared again, it fires for the same time again.
   *
   * @param seconds until it is due; 0: at once.
   */
  declare(name: string, seconds: number): void {
    this.move();
    const { world } = this;
    const { name: jobType } = world.deployed.jobType;
    const at = Math.ceil((world.now + 1_000 * seconds) / 1_000) * 1_000;
    const scheduledTime = this.#scheduledTimes.get(name) ?? new Date(at).toISOString();
    this.#scheduledTimes.set(name, scheduledTime);
    const event = { ...declaredEvent(jobType, { name, input: {}, skipWhileRunning: false }), scheduledTime };
    world.platform.scheduler.once(declaredScheduleName(jobType, name), at, event);
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
      this.move();
      for (const process of world.processes) process.resume();
      const gone = this.world.gone;
      if (!world.processes.some(({ kind, running }) => kind === "worker" && running)) this.worker();
      await this.untilAnswered();
      if ((await world.settle(seconds)) && !this.isUnanswered) {
        await this.#read();
        this.violations.push(...this.asked.violations());
        return true;
      }
      if (gone === this.world.gone) return false;
    }
    return false;
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
