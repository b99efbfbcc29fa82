import { setImmediate as turn } from "node:timers/promises";
import type { QueuedMessage } from "../../support/emulators.ts";
import type { AwsCall } from "../history/aws-call.ts";
import { CallFacts } from "../history/call-facts.ts";
import type { Fact } from "../history/fact.ts";
import { HistoryRecorder } from "../history/recorder.ts";
import { type AwsTry, CallGate, type Interceptor, type Pick } from "./call-gate.ts";
import type { GatedClients } from "./gated-clients.ts";
import { type ProcessKind, SimulatedProcess } from "./simulated-process.ts";
import type { DeployedJobType, JobTypeRequest, WorldPlatform } from "./world-platform.ts";
import { WorldService } from "./world-service.ts";

export interface WorldSettings {
  readonly jobType?: JobTypeRequest;
  /** @default every call is performed */
  readonly intercept?: Interceptor;
  /** @default the call that has waited longest */
  readonly pick?: Pick;
  /** @default the platform's */
  readonly clients?: GatedClients;
  /**
   * Whether types are paused in it, so that workers look for that. Elsewhere that read would be one more call in every order, which changes
   * nothing. @default false
   */
  readonly hasPauses?: boolean;
  /** What processes take for chance, from 0 up to 1. @default always 0.5 */
  readonly random?: () => number;
}

/** Something the harness does by itself between two steps, such as the event source mapping of the dead letters. */
export type Chore = () => Promise<boolean>;

/**
 * Turns of the event loop without a new call after which no process will make one: the batchers wait a turn, everything else
 * goes on at once.
 */
const STILL_TURNS = 3;

/**
 * A simulated world: real handlers and workers in one Node process, as simulated processes, over the platform's emulators.
 * It goes on in steps, of which each performs one try of a call or fires one timer; in between all processes stand still.
 * Time passes only when nothing is left to do, and then jumps to where something is. So nothing in it waits, and the same
 * world takes the same steps again.
 *
 * @example
 * ```ts
 * const world = await World.open(platform, { intercept });
 * startWorker(world);
 * const added = addJob(world, { idempotencyKey: "key" });
 * await world.until(() => added.over);
 * await world.settle();
 * const { violations } = checkHistory(await settledHistory(world));
 * await world.close();
 * ```
 */
export class World {
  readonly platform: WorldPlatform;
  readonly clients: GatedClients;
  readonly deployed: DeployedJobType;
  readonly gate: CallGate;
  readonly hasPauses: boolean;
  readonly service: WorldService;
  readonly recorder = new HistoryRecorder();
  /** What is done between two steps, until there is nothing to do: each tells whether it did something. */
  readonly chores: Chore[] = [];
  /** Lines that workers logged, oldest first. */
  readonly log: string[] = [];
  readonly #jobType: JobTypeRequest;
  readonly #facts: CallFacts;
  readonly #random: () => number;
  readonly #processes: SimulatedProcess[] = [];
  readonly #tries: AwsTry[] = [];
  #polls: { readonly process: SimulatedProcess; readonly queueUrl: string; readonly answer: () => void }[] = [];
  /** The process whose receive is on its way to a queue. */
  readonly #receiving = new Map<string, SimulatedProcess>();

  private constructor(platform: WorldPlatform, deployed: DeployedJobType, settings: WorldSettings) {
    const { jobType = {}, intercept = (_, perform) => perform(), pick = () => 0, random = () => 0.5 } = settings;
    this.platform = platform;
    this.service = new WorldService(() => platform.emulators.messagesIn(deployed.queueUrl).length);
    this.hasPauses = settings.hasPauses ?? false;
    this.clients = settings.clients ?? platform.clients;
    this.#random = random;
    this.deployed = deployed;
    this.#jobType = jobType;
    this.#facts = new CallFacts({ jobsTableName: platform.emulators.jobsTableName });
    this.gate = new CallGate(async (attempt, perform) => {
      this.#tries.push(attempt);
      return await intercept(attempt, perform);
    }, pick);
    // The harness's own calls are facts only where it says so.
    platform.listen((call) => {
      if (this.gate.performing !== undefined) this.heard({ ...call, by: this.gate.performing.process.name });
    });
  }

  static async open(platform: WorldPlatform, settings: WorldSettings = {}): Promise<World> {
    // The scheduler counts whole seconds: from one on, the same world takes the same steps again.
    platform.time.advanceTo(Math.ceil(platform.time.now / 1_000) * 1_000);
    const deployed = await platform.takeJobType(settings.jobType);
    const world = new World(platform, deployed, settings);
    // A run that was cut short may have left it paused.
    if (world.hasPauses) await platform.forgetControl(deployed);
    await world.clients.refill();
    return world;
  }

  /** All processes there have been. */
  get processes(): readonly SimulatedProcess[] {
    return this.#processes;
  }

  /** Processes that have ended, or were killed. */
  get gone(): number {
    return this.#processes.filter((process) => process.gone).length;
  }

  /** All tries so far, in the order in which they were made. */
  get tries(): readonly AwsTry[] {
    return this.#tries;
  }

  /** Epoch milliseconds. */
  get now(): number {
    return this.platform.time.now;
  }

  record(fact: Fact): void {
    this.recorder.record(fact);
  }

  /** Records what a call changed. */
  heard(call: AwsCall): void {
    for (const fact of this.#facts.of(call)) this.record(fact);
    if (call.command === "ReceiveMessage") this.#receiving.delete(call.input.QueueUrl as string);
  }

  /** How many messages of a queue can be received now. */
  visible(queueUrl: string): number {
    return this.platform.emulators.messagesIn(queueUrl).filter(({ visibleAt }) => visibleAt <= this.now).length;
  }

  /** Messages of a queue that were received or delayed, and cannot be received now. */
  hidden(queueUrl: string): QueuedMessage[] {
    return this.platform.emulators.messagesIn(queueUrl).filter(({ visibleAt }) => visibleAt > this.now);
  }

  /** A new process. @param skewMs how far its clock is ahead. */
  spawn(kind: ProcessKind, skewMs = 0): SimulatedProcess {
    const number = this.#processes.filter((process) => process.kind === kind).length + 1;
    const name = `${kind}#${number}`;
    const onGone = (how: "killed" | "exited"): void => this.record({ kind: "gone", by: name, how });
    const process = new SimulatedProcess({ name, kind, skewMs, gate: this.gate, random: this.#random, onGone });
    this.#processes.push(process);
    return process;
  }

  /** Whether a worker waits for messages. */
  polls(process: SimulatedProcess): boolean {
    return this.#polls.some((poll) => poll.process === process);
  }

  /** A worker's long poll: settles when its queue has something visible, and rejects with the signal. */
  async poll(process: SimulatedProcess, queueUrl: string, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    // Its receive before may have failed on the way.
    if (this.#receiving.get(queueUrl) === process) this.#receiving.delete(queueUrl);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const poll = { process, queueUrl, answer: resolve };
    this.#polls.push(poll);
    signal?.addEventListener("abort", () => {
      this.#polls = this.#polls.filter((other) => other !== poll);
      reject(signal.reason);
    });
    await promise;
  }

  /**
   * Lets the world go on until the condition holds, nothing is left that could happen, or so much time has passed.
   *
   * @returns whether the condition holds.
   */
  async until(condition: () => boolean, seconds = 3_600): Promise<boolean> {
    const limit = this.now + seconds * 1_000;
    while (!condition()) {
      if (!(await this.#step()) && !this.#passTime(limit)) return condition();
    }
    return true;
  }

  /** Lets so much time pass, with all that happens in it. */
  async pass(seconds: number): Promise<void> {
    const end = this.now + seconds * 1_000;
    await this.until(() => this.now >= end, seconds);
    this.platform.time.advanceTo(end);
  }

  /** Whether every message and schedule is gone, and no process waits for anything but new messages. */
  get settled(): boolean {
    const lambdas = this.#processes.some(({ kind, gone }) => kind !== "worker" && !gone);
    const isNothingDue = this.platform.scheduler.nextAt() === undefined;
    return this.#hasNoMessages && isNothingDue && !lambdas && !this.gate.busy && !this.platform.time.hasTimeouts;
  }

  get #hasNoMessages(): boolean {
    return this.#queueUrls.every((queueUrl) => this.platform.emulators.messagesIn(queueUrl).length === 0);
  }

  get #queueUrls(): readonly string[] {
    return [this.deployed.queueUrl, this.deployed.deadLetterQueueUrl];
  }

  /** Lets the world go on until it has settled. @returns whether it did within so much time. */
  async settle(seconds = 3_600): Promise<boolean> {
    const limit = this.now + seconds * 1_000;
    for (;;) {
      if (await this.#step()) continue;
      if (this.settled) return true;
      if (!this.#passTime(limit)) return false;
    }
  }

  /** Ends all processes where they are, and gives the job type back. */
  async close(): Promise<void> {
    this.platform.listen(() => {});
    for (const process of this.#processes) process.kill();
    this.platform.time.clear();
    this.platform.scheduler.clear();
    if (!this.#hasNoMessages) this.platform.empty(this.deployed);
    this.platform.giveBack(this.#jobType, this.deployed);
  }

  async #step(): Promise<boolean> {
    await this.#standStill();
    for (const chore of this.chores) if (await chore()) return true;
    if (this.platform.time.fireDue() || this.#answerPoll()) return true;
    if (!(await this.gate.performNext())) return false;
    // Calls take time; it also tells them apart.
    this.platform.time.advanceTo(this.now + 1);
    return true;
  }

  async #standStill(): Promise<void> {
    for (let still = 0; still < STILL_TURNS; ) {
      const { arrivals } = this.gate;
      await turn();
      still = this.gate.arrivals === arrivals ? still + 1 : 0;
    }
  }

  /** Moves the clock to where something is due. @returns whether there was anything before `limit`. */
  #passTime(limit: number): boolean {
    const { time, scheduler } = this.platform;
    const isPolled = this.#polls.some(({ process }) => process.running);
    const hidden = isPolled ? this.#queueUrls.flatMap((queueUrl) => this.hidden(queueUrl)) : [];
    const others = [time.nextDue(), scheduler.nextAt()].map((due) => due ?? Number.POSITIVE_INFINITY);
    const next = Math.min(...others, ...hidden.map(({ visibleAt }) => visibleAt));
    if (next > limit) return false;
    time.advanceTo(next);
    return true;
  }

  /** Lets one worker receive, where something is visible: SQS answers one of several long polls for a message. */
  #answerPoll(): boolean {
    this.#polls = this.#polls.filter(({ process }) => !process.gone);
    const poll = this.#polls.find(({ process, queueUrl }) => {
      const under = this.#receiving.get(queueUrl);
      return process.running && (under === undefined || !under.running) && this.visible(queueUrl) > 0;
    });
    if (poll === undefined) return false;
    this.#polls = this.#polls.filter((other) => other !== poll);
    this.#receiving.set(poll.queueUrl, poll.process);
    poll.answer();
    return true;
  }
}
