import type { Arrival } from "./arrivals.ts";
import type { Random } from "./random.ts";
import type { Timeline } from "./timeline.ts";
import type { Policy, WorldSettings } from "./world.ts";

/** Tasks that Fargate launches at once, and a second after that (AWS Fargate: throttling quotas). */
export const LAUNCH_BURST = 100;
export const LAUNCHES_PER_SECOND = 20;
/** Start times vary: most are near the mean, and some take half as long again. */
const START_VARIATION = 0.2;
/** The first part of a start, in which the network interface is attached, is not billed: Fargate bills from the image pull on. */
const UNBILLED_SHARE = 0.25;
/** From SIGTERM to the end of a task that has nothing to do. */
const STOP_SECONDS = 2;
/** ECS kills a task so long after SIGTERM, where nobody set anything else. */
const DEFAULT_STOP_TIMEOUT_SECONDS = 30;
/** An idle worker keeps its protection so long: `worker/task-protection.ts`. */
const PROTECTED_IDLE_SECONDS = 5;
/** Protection is asked for until the end of the attempt, and so much longer. */
const PROTECTION_SLACK_SECONDS = 600;
/** Fargate Spot: two minutes from the warning to the end. */
const SPOT_WARNING_SECONDS = 120;

/** A job on its way through the queue. */
export interface SimulatedJob extends Arrival {
  /** Of the attempt that ended it. */
  startedAt: number;
  finishedAt: number;
}

export interface SimulatedTask {
  readonly launchedAt: number;
  readonly billedFrom: number;
  readonly readyAt: number;
  state: "starting" | "running" | "draining" | "stopped";
  readonly jobs: Map<SimulatedJob, { readonly endsAt: number }>;
  idleSince: number;
  protectedUntil: number;
  /** It was refused protection, as the service wants it to go: it takes no more work. */
  refused: boolean;
  /** Its place among those with a free slot; -1 for none. */
  place: number;
  stoppedAt: number;
}

export interface QueueSide {
  /** The job that has waited longest. */
  next(): SimulatedJob | undefined;
  /** A job has ended. */
  done(): void;
  /** A job comes back to the queue after so many seconds, to be started anew. */
  giveBack(job: SimulatedJob, afterSeconds: number): void;
  readonly visible: number;
}

/** ECS on Fargate: keeps as many tasks as are wanted, and spares those that are protected. */
export class SimulatedService {
  readonly tasks: SimulatedTask[] = [];
  desiredCount = 0;
  busySlots = 0;
  running = 0;
  readonly #active = new Set<SimulatedTask>();
  /** Running tasks with a free slot, in no order. */
  readonly #free: SimulatedTask[] = [];
  #launchTokens = LAUNCH_BURST;
  #tokensAt = 0;
  readonly #timeline: Timeline;
  readonly #random: Random;
  readonly #starts: Random;
  readonly #settings: WorldSettings;
  readonly #policy: Pick<Policy, "protectsBusyTasks"> & { readonly packs: boolean };
  readonly #queue: QueueSide;

  constructor(
    timeline: Timeline,
    { random, starts }: { readonly random: Random; readonly starts: Random },
    settings: WorldSettings,
    policy: Pick<Policy, "protectsBusyTasks"> & { readonly packs: boolean },
    queue: QueueSide,
  ) {
    this.#timeline = timeline;
    this.#random = random;
    this.#starts = starts;
    this.#settings = settings;
    this.#policy = policy;
    this.#queue = queue;
  }

  /** Starting and running ones: those that count against the desired count. */
  get active(): ReadonlySet<SimulatedTask> {
    return this.#active;
  }

  /** So many tasks have been running for a while. */
  begin(count: number): void {
    this.desiredCount = count;
    for (let task = 0; task < count; task += 1) this.#begin(this.#timeline.now, 0);
  }

  setDesiredCount(count: number): void {
    this.desiredCount = count;
    this.#reconcile();
  }

  /** Running tasks that have polled an empty queue for a long poll's length: each makes three empty receives a minute. */
  idlePollers(): number {
    if (this.#queue.visible > 0) return 0;
    return this.#free.filter(({ idleSince, jobs }) => jobs.size > 0 || this.#timeline.now - idleSince >= 20).length;
  }

  /** Gives waiting jobs to free slots. */
  dispatch(): void {
    while (this.#free.length > 0) {
      const job = this.#queue.next();
      if (job === undefined) return;
      this.#start(this.#pick(), job);
    }
  }

  /** Whichever receive is answered first; the oracle has the fullest, so that others fall idle. */
  #pick(): SimulatedTask {
    const chosen = this.#policy.packs
      ? this.#free.reduce((best, task) => (task.jobs.size > best.jobs.size ? task : best))
      : this.#free[Math.floor(this.#random.uniform() * this.#free.length)];
    if (chosen === undefined) throw new Error("no task has a free slot");
    return chosen;
  }

  #start(task: SimulatedTask, job: SimulatedJob): void {
    const { now } = this.#timeline;
    const endsAt = now + job.seconds;
    job.startedAt = now;
    task.jobs.set(job, { endsAt });
    this.busySlots += 1;
    this.#protect(task);
    this.#place(task);
    this.#timeline.at(endsAt, () => {
      if (task.jobs.get(job)?.endsAt !== endsAt) return;
      job.finishedAt = endsAt;
      this.#queue.done();
      this.#leave(task, job);
      this.#place(task);
      this.dispatch();
    });
  }

  #leave(task: SimulatedTask, job: SimulatedJob): void {
    task.jobs.delete(job);
    this.busySlots -= 1;
    if (task.jobs.size > 0) return;
    if (task.state === "draining") this.#stopped(task, this.#timeline.now + STOP_SECONDS);
    const since = this.#timeline.now;
    task.idleSince = since;
    const protectedFor = this.#policy.packs ? 0 : PROTECTED_IDLE_SECONDS;
    this.#timeline.at(since + protectedFor, () => {
      if (task.state !== "running" || task.jobs.size > 0 || task.idleSince !== since) return;
      task.protectedUntil = 0;
      task.refused = false;
      this.#place(task);
      this.#reconcile();
      this.dispatch();
    });
  }

  /** ECS refuses it where as many tasks are protected as the service wants (worker/task-protection.ts). */
  #protect(task: SimulatedTask): void {
    if (!this.#policy.protectsBusyTasks) return;
    const needed = this.#timeline.now + this.#settings.timeoutSeconds;
    if (needed <= task.protectedUntil) return;
    const others = this.#active.size <= this.desiredCount ? 0 : this.#protectedBeside(task);
    if (others < Math.max(1, this.desiredCount)) task.protectedUntil = needed + PROTECTION_SLACK_SECONDS;
    else task.refused = true;
  }

  #protectedBeside(task: SimulatedTask): number {
    let count = 0;
    for (const other of this.#active) if (other !== task && other.protectedUntil > this.#timeline.now) count += 1;
    return count;
  }

  /** Keeps the list of tasks with a free slot. */
  #place(task: SimulatedTask): void {
    const isFree = task.state === "running" && !task.refused && task.jobs.size < this.#settings.concurrency;
    if (isFree === task.place >= 0) return;
    if (isFree) {
      task.place = this.#free.push(task) - 1;
      return;
    }
    const last = this.#free.pop();
    if (last !== undefined && last !== task) {
      last.place = task.place;
      this.#free[task.place] = last;
    }
    task.place = -1;
  }

  #reconcile(): void {
    for (let missing = this.desiredCount - this.#active.size; missing > 0; missing -= 1) this.#launch();
    let excess = this.#active.size - this.desiredCount;
    if (excess <= 0) return;
    for (const task of this.#stoppable()) {
      if (excess === 0) return;
      this.#stop(task);
      excess -= 1;
    }
  }

  /** Those that are starting, the newest first; then those that no protection holds, the idle ones first. */
  #stoppable(): SimulatedTask[] {
    const { now } = this.#timeline;
    const all = [...this.#active];
    const starting = all.filter(({ state }) => state === "starting").reverse();
    const running = all.filter(({ state, protectedUntil }) => state === "running" && protectedUntil <= now);
    return [...starting, ...running.sort((one, other) => one.jobs.size - other.jobs.size)];
  }

  #launch(): void {
    const { now } = this.#timeline;
    this.#launchTokens = Math.min(LAUNCH_BURST, this.#launchTokens + (now - this.#tokensAt) * LAUNCHES_PER_SECOND);
    this.#tokensAt = now;
    this.#launchTokens -= 1;
    const launchedAt = now + Math.max(0, -this.#launchTokens / LAUNCHES_PER_SECOND);
    this.#begin(launchedAt, this.#starts.logNormal(this.#settings.startSeconds, START_VARIATION));
  }

  /** @param start seconds until it receives. */
  #begin(launchedAt: number, start: number): void {
    const task: SimulatedTask = {
      launchedAt,
      billedFrom: launchedAt + start * UNBILLED_SHARE,
      readyAt: launchedAt + start,
      state: "starting",
      jobs: new Map(),
      idleSince: launchedAt + start,
      protectedUntil: 0,
      refused: false,
      place: -1,
      stoppedAt: Number.POSITIVE_INFINITY,
    };
    this.tasks.push(task);
    this.#active.add(task);
    this.#timeline.at(task.readyAt, () => this.#ready(task));
  }

  #ready(task: SimulatedTask): void {
    if (task.state !== "starting") return;
    task.state = "running";
    this.running += 1;
    this.#place(task);
    this.dispatch();
    const { spotInterruptionsPerHour } = this.#settings;
    if (spotInterruptionsPerHour === 0) return;
    this.#timeline.at(this.#timeline.now + this.#random.exponential(3_600 / spotInterruptionsPerHour), () => {
      if (task.state !== "running") return;
      this.#drain(task, SPOT_WARNING_SECONDS);
      this.#reconcile();
    });
  }

  #stop(task: SimulatedTask): void {
    const { now } = this.#timeline;
    if (task.state === "starting") {
      task.state = "draining";
      this.#stopped(task, Math.max(now, task.billedFrom));
      return;
    }
    this.#drain(task, DEFAULT_STOP_TIMEOUT_SECONDS);
  }

  /** SIGTERM: it takes no more jobs, those in hand have so long, and what is left then goes back to the queue. */
  #drain(task: SimulatedTask, seconds: number): void {
    const { now } = this.#timeline;
    this.running -= 1;
    task.state = "draining";
    this.#active.delete(task);
    this.#place(task);
    if (task.jobs.size === 0) this.#stopped(task, now + STOP_SECONDS);
    this.#timeline.at(now + seconds, () => {
      for (const job of [...task.jobs.keys()]) {
        task.jobs.delete(job);
        this.busySlots -= 1;
        // Our workers hand it back; with others, it comes back when its visibility timeout is over.
        const visibleAt = this.#policy.protectsBusyTasks
          ? 0
          : Math.max(0, job.startedAt + this.#settings.timeoutSeconds - now - seconds);
        this.#queue.giveBack(job, visibleAt);
      }
      this.#stopped(task, now + seconds);
    });
  }

  #stopped(task: SimulatedTask, at: number): void {
    if (task.stoppedAt !== Number.POSITIVE_INFINITY) return;
    this.#active.delete(task);
    task.state = "draining";
    task.stoppedAt = at;
  }
}
