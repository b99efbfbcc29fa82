import { setTimeout as delay } from "node:timers/promises";
import type { StoredJob } from "../../../domain/job.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { checkHistory } from "../checker/check-history.ts";
import { describeViolation, type Verdict } from "../checker/verdict.ts";
import type { FinalState } from "../history/fact.ts";
import { type ChaosPlatform, OTHERS } from "./chaos-platform.ts";
import { type Disturbance, type DisturbanceRates, randomDisturbance, UNDISTURBED } from "./disturbance.ts";
import { RunLoad } from "./run-load.ts";
import { finalState, settled } from "./settle.ts";
import { sendStrays } from "./strays.ts";
import type { WorkerChild } from "./worker-child.ts";
import { WorkerPool } from "./worker-pool.ts";
import { planBatches, planJobs, type Workload } from "./workload.ts";

/** What is done to a run, and how often. */
export interface ActionCounts {
  /** SIGKILL to a worker. */
  readonly kill: number;
  /** SIGSTOP to a worker, for longer than its leases hold, then SIGCONT. */
  readonly freeze: number;
  /** SIGTERM to a worker. */
  readonly terminate: number;
  /** SIGKILL to the process of the Lambdas. */
  readonly killLambdas: number;
  /** SIGKILL to the process of the emulators, which is started again on the same state. */
  readonly restartEmulators: number;
}

export type ActionName = keyof ActionCounts;

export interface KillRunSettings {
  readonly seed: number;
  readonly jobs: number;
  readonly workload: Workload;
  readonly actions: ActionCounts;
  readonly disturbances: DisturbanceRates;
  /** Workers of each type. */
  readonly workers: Readonly<Record<string, number>>;
  readonly variables?: Readonly<Record<string, NodeJS.ProcessEnv>>;
  /** Workers of each type that are started once all jobs have been added. @default none */
  readonly helpers?: Readonly<Record<string, number>>;
  /** Clients that add jobs at the same time. @default 6 */
  readonly clients?: number;
  /** See `sendStrays`. */
  readonly straysPerType: number;
  /** Milliseconds within which the faults and the jobs are spread. */
  readonly spreadMs: number;
  /** Milliseconds for everything to come to its end once faults have stopped. */
  readonly settleMs: number;
}

export interface KillRun {
  readonly settings: KillRunSettings;
  readonly verdict: Verdict;
  /** What is wrong, in sentences. */
  readonly problems: readonly string[];
  readonly final: FinalState;
  /** IDs that were answered with 202. */
  readonly accepted: ReadonlySet<string>;
  /** The same of batches. */
  readonly batches: ReadonlySet<string>;
  readonly done: Readonly<Record<ActionName, number>>;
  readonly disturbed: Readonly<Record<Disturbance["kind"], number>>;
  /** For each job that a killed worker held, milliseconds until another claimed it, or it ended. */
  readonly recoveryMs: readonly number[];
  readonly settleMs: number;
  /** How long each try of an add took, in milliseconds. */
  readonly latencyMs: readonly number[];
  /** Jobs that had ended when the last was added. */
  readonly doneMeanwhile: number;
  readonly exits: WorkerPool["exits"];
  /** Workers that were frozen: their calls are not expected to settle in time. */
  readonly frozen: ReadonlySet<string>;
}

/** Pauses differ from their average by these factors, so that no action keeps step with another. */
const UNEVENLY = { least: 0.4, most: 1.6 } as const;
/** Beyond the lease. */
const FREEZE_MS = { least: 500, most: 3_000 } as const;
const DOWN_MS = { least: 500, most: 2_500 } as const;
const LOOK_MS = 50;
/** Of the signals, how many go to a worker that holds a job, where there is one. */
const BUSY_SHARE = 0.8;

/** Real processes under kills and a bad network, until faults stop and everything has come to its end. */
export class KillRunner {
  readonly #platform: ChaosPlatform;
  readonly #settings: KillRunSettings;
  readonly #random: () => number;
  readonly #pool: WorkerPool;
  readonly #recoveryMs: number[] = [];
  readonly #frozen = new Set<string>();
  readonly #done: Record<ActionName, number> = { kill: 0, freeze: 0, terminate: 0, killLambdas: 0, restartEmulators: 0 };
  readonly #disturbed: Record<Disturbance["kind"], number> = { none: 0, stall: 0, reset: 0, delay: 0 };
  readonly #load: RunLoad;

  constructor(platform: ChaosPlatform, settings: KillRunSettings) {
    this.#platform = platform;
    this.#settings = settings;
    this.#random = seededRandom(settings.seed);
    this.#load = new RunLoad(platform, settings.clients ?? 6, settings.spreadMs, seededRandom(settings.seed + 2));
    this.#pool = new WorkerPool(platform, settings.variables);
  }

  async run(): Promise<KillRun> {
    const settings = this.#settings;
    const jobs = planJobs(settings.jobs, settings.workload, this.#random);
    const batches = planBatches(settings.workload, this.#random);
    const actions = inRandomOrder(settings.actions, this.#random);
    await this.#pool.start(settings.workers);
    const disturb = randomDisturbance(settings.disturbances, seededRandom(settings.seed + 1));
    this.#platform.proxy.disturb = (call) => {
      // The subscriber of the events is the run's own eye.
      const disturbance = call.by === OTHERS.platform ? UNDISTURBED : disturb(call);
      this.#disturbed[disturbance.kind] += 1;
      return disturbance;
    };
    await Promise.all([this.#act(actions), this.#load.run(jobs, batches), sendStrays(this.#platform, settings.straysPerType)]);
    this.#platform.proxy.disturb = () => UNDISTURBED;
    const { recorder } = this.#platform;
    const doneMeanwhile = recorder.jobs.length - recorder.openJobs.size;
    await this.#pool.start(settings.helpers ?? {});
    return await this.#conclude(doneMeanwhile);
  }

  async #conclude(doneMeanwhile: number): Promise<KillRun> {
    const { recorder } = this.#platform;
    const quietAt = performance.now();
    const isSettled = await settled(this.#platform, this.#settings.settleMs);
    const settleMs = performance.now() - quietAt;
    const final = await finalState(this.#platform);
    await this.#pool.close();
    const verdict = checkHistory(isSettled ? recorder.settled(final) : recorder.soFar());
    const open = [...recorder.openJobs, ...final.messages.map(({ queue, jobId }) => `${queue} ${jobId}`)];
    const problems = [...verdict.violations.map(describeViolation), ...this.#platform.proxy.overLimits.broken];
    if (!isSettled) problems.push(`never came to rest: ${open.join(", ")}`);
    return {
      settings: this.#settings,
      verdict,
      problems,
      final,
      accepted: new Set(this.#load.accepted),
      batches: new Set(this.#load.batches),
      done: this.#done,
      recoveryMs: this.#recoveryMs,
      settleMs,
      latencyMs: this.#load.latencyMs,
      doneMeanwhile,
      disturbed: this.#disturbed,
      exits: this.#pool.exits,
      frozen: this.#frozen,
    };
  }

  async #act(actions: readonly ActionName[]): Promise<void> {
    const pauseMs = this.#settings.spreadMs / actions.length;
    for (const [index, name] of actions.entries()) {
      await delay(pauseMs * this.#between(UNEVENLY));
      // On a slow machine the faults wait for the jobs, so that they meet them.
      while (!this.#platform.isStopping && this.#load.accepted.length < (this.#settings.jobs * index) / actions.length) {
        await delay(LOOK_MS);
      }
      await this.#perform(name);
      this.#done[name] += 1;
    }
  }

  async #perform(name: ActionName): Promise<void> {
    switch (name) {
      case "kill": {
        const worker = await this.#someWorker();
        for (const job of this.#platform.recorder.heldBy(worker.by)) void this.#timeRecovery(worker.by, job);
        worker.signal("SIGKILL");
        return;
      }
      case "freeze": {
        const worker = await this.#someWorker();
        this.#frozen.add(worker.by);
        this.#pool.freeze(worker, 1_000 * this.#platform.leaseSeconds + this.#between(FREEZE_MS));
        return;
      }
      case "terminate":
        (await this.#someWorker()).signal("SIGTERM");
        return;
      case "killLambdas":
        return await this.#platform.killLambdas();
      case "restartEmulators":
        return await this.#platform.restartEmulators(this.#between(DOWN_MS));
    }
  }

  async #timeRecovery(killed: string, { id, version }: StoredJob): Promise<void> {
    const killedAt = performance.now();
    let by = killed;
    await this.#platform.recorder.until((fact) => {
      if (fact.kind !== "committed" || fact.job.id !== id || fact.job.version <= version) return false;
      by = fact.by;
      // A cancel request recovers nothing.
      return fact.job.status !== "RUNNING" || by !== OTHERS.lambdas;
    });
    // What the worker had done all the same was under way when it was killed.
    if (by !== killed) this.#recoveryMs.push(performance.now() - killedAt);
  }

  /** A worker that is awake, most often one that holds a job; waits for one to be started where there is none. */
  async #someWorker(): Promise<WorkerChild> {
    const isBusy = this.#random() < BUSY_SHARE;
    for (;;) {
      const { awake } = this.#pool;
      const { holders } = this.#platform.recorder;
      const busy = awake.filter(({ by }) => holders.has(by));
      const workers = isBusy && busy.length > 0 ? busy : awake;
      const worker = workers[Math.floor(this.#random() * workers.length)];
      if (worker !== undefined) return worker;
      if (this.#platform.isStopping) throw new Error("the platform stopped in the middle of a run");
      await delay(LOOK_MS);
    }
  }

  #between({ least, most }: { readonly least: number; readonly most: number }): number {
    return least + this.#random() * (most - least);
  }
}

function inRandomOrder(counts: ActionCounts, random: () => number): ActionName[] {
  const actions = (Object.entries(counts) as [ActionName, number][]).flatMap(([name, count]) =>
    Array.from({ length: count }, () => ({ name, place: random() })),
  );
  return actions.toSorted((a, b) => a.place - b.place).map(({ name }) => name);
}

/** The seed of a run: `RELIABILITY_SEED` repeats another's plan, though not the timing of its processes. */
export function runSeed(standard: number): number {
  return Number(process.env.RELIABILITY_SEED ?? standard);
}
