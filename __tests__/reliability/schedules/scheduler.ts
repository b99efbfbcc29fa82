import { connectionReset } from "../faults/aws-errors.ts";
import type { AwsTry, CallOutput, Interceptor, WaitingCall } from "../world/call-gate.ts";
import { duplicate, redeliver } from "../world/redelivery.ts";
import type { SimulatedProcess } from "../world/simulated-process.ts";
import type { Stage } from "../world/stage.ts";
import type { World } from "../world/world.ts";
import { Moments } from "./moments.ts";
import type { Call, Disturbance, Kind } from "./schedule.ts";

/** Past the lease, past the visibility of what its worker has in hand, and past any add-job Lambda, in milliseconds. */
const STALL_MS = 65_000;
/** No run is as long, but one that goes round in circles. */
const MAX_CALLS = 2_000;

/** A call of a run, with what else could have become of it. */
export interface Point extends Call {
  readonly kinds: readonly Kind[];
  /** Calls of other processes that could have been made in its place. */
  readonly others: readonly Omit<Call, "number">[];
}

/** Thrown where a run comes to no end. */
export class Endless extends Error {}

/** Thrown where a run comes to a moment from which all that it could show is shown by another. */
export class SeenBefore extends Error {}

/** Decides the order of calls, and what becomes of them, as a schedule says; and takes down what else could have been. */
export class Scheduler {
  readonly points: Point[] = [];
  readonly #disturbances: ReadonlyMap<number, Disturbance>;
  readonly #isSeen: (moment: string) => boolean;
  readonly #last: number;
  #world!: World;
  #stage!: Stage;
  #moments!: Moments;
  #turn: SimulatedProcess | undefined;
  #others: Point["others"] = [];
  #next: (() => Promise<void>) | undefined;
  #done = 0;

  /** @param isSeen whether a moment after the last disturbance is one from which another run went on. */
  constructor(disturbances: readonly Disturbance[], isSeen: (moment: string) => boolean = () => false) {
    this.#disturbances = new Map(disturbances.map((disturbance) => [disturbance.number, disturbance]));
    this.#last = disturbances.at(-1)?.number ?? 0;
    this.#isSeen = isSeen;
  }

  attach(world: World, stage: Stage): void {
    this.#world = world;
    this.#stage = stage;
    this.#moments = new Moments(world, stage);
    world.chores.push(async () => {
      const next = this.#next;
      this.#next = undefined;
      await next?.();
      return next !== undefined;
    });
  }

  /** What kept the run from being the one that its schedule names; undefined when nothing did. */
  get divergence(): string | undefined {
    if (this.#done === this.#disturbances.size) return undefined;
    const missed = [...this.#disturbances.values()][this.#done] as Disturbance;
    const { process, operation } = this.points[missed.number - 1] ?? {};
    const instead = process === undefined ? "there was no such call" : `it was ${operation} of ${process}`;
    return `call ${missed.number} is not ${missed.operation} of ${missed.process}: ${instead}`;
  }

  readonly pick = (ready: readonly WaitingCall[]): number => {
    const number = this.points.length + 1;
    const disturbance = this.#disturbances.get(number);
    if (number > MAX_CALLS) throw new Endless();
    if (number > this.#last && this.#isSeen(this.#moments.hash())) throw new SeenBefore();
    // A process goes on until it waits for something; then it is the turn of the call that has waited longest.
    const usual = Math.max(
      0,
      ready.findIndex(({ process }) => process === this.#turn),
    );
    const chosen = disturbance?.kind === "overtakes" ? ready.findIndex((call) => isOf(call, disturbance)) : usual;
    if (disturbance?.kind === "overtakes" && chosen !== -1) this.#done += 1;
    const picked = chosen === -1 ? usual : chosen;
    const { process } = ready[picked] as WaitingCall;
    const others = new Map(ready.filter((call) => call.process !== process).map((call) => [call.process, call]));
    this.#others = [...others.values()].map((call) => ({ process: call.process.name, operation: call.operation }));
    this.#turn = process;
    return picked;
  };

  readonly intercept: Interceptor = async (attempt, perform) => {
    const { process, operation } = attempt;
    const number = this.points.length + 1;
    this.points.push({ number, process: process.name, operation, others: this.#others, kinds: this.#kindsOf(attempt) });
    const disturbance = this.#disturbances.get(number);
    const isDue = disturbance !== undefined && disturbance.kind !== "overtakes" && isOf(attempt, disturbance);
    if (isDue) this.#done += 1;
    if (isDue && disturbance.kind === "dies-before") {
      process.kill();
      return {};
    }
    const answer = await perform().catch((error: Error) => error);
    if (isDue) this.#disturb(disturbance.kind, process);
    const learned = isDue && disturbance.kind === "loses-answer" ? connectionReset() : answer;
    this.#moments.learned(attempt, learned);
    if (learned instanceof Error) throw learned;
    return learned as CallOutput;
  };

  #kindsOf({ process, operation }: AwsTry): Kind[] {
    const kinds: Kind[] = ["dies-before", "dies-after", "redelivers", "cancels"];
    // The payload store's client is behind the gate, and makes its calls again itself.
    if (!operation.endsWith("Object")) kinds.push("loses-answer");
    if (process.kind === "worker") kinds.push("stalls", "is-told");
    if (this.#stage.keyedRequest !== undefined) kinds.push("repeats");
    return kinds;
  }

  #disturb(kind: Kind, process: SimulatedProcess): void {
    switch (kind) {
      case "dies-after":
        process.kill();
        return;
      case "stalls":
        this.#stall(process);
        return;
      case "is-told":
        this.#stage.tell(process);
        return;
      case "redelivers":
        this.#next = async () => await this.#deliverAgain();
        return;
      case "cancels":
        this.#then(() => {
          const id = this.#newestJob();
          if (id !== undefined) this.#turn = this.#stage.beginToCancel(id).process;
        });
        return;
      case "repeats":
        this.#then(() => {
          const request = this.#stage.keyedRequest;
          if (request !== undefined) this.#turn = this.#stage.beginToAdd(request).process;
        });
    }
  }

  #then(action: () => void): void {
    this.#next = async () => action();
  }

  #stall(process: SimulatedProcess): void {
    process.stall();
    const alarm = this.#world.spawn("client");
    alarm.run(() =>
      setTimeout(() => {
        process.resume();
        alarm.exit();
      }, STALL_MS),
    );
    this.#then(() => {
      const others = this.#world.processes.filter(({ kind, running }) => kind === "worker" && running);
      if (others.length === 0) this.#stage.worker();
    });
  }

  async #deliverAgain(): Promise<void> {
    const isInHand = this.#world.hidden(this.#world.deployed.queueUrl).some(({ receiptHandle }) => receiptHandle !== undefined);
    const id = this.#newestJob();
    if (isInHand) await redeliver(this.#world);
    else if (id !== undefined) await duplicate(this.#world, id);
  }

  /** The job of the newest message. */
  #newestJob(): string | undefined {
    const sent = this.#world.recorder.facts.findLast((fact) => fact.kind === "sent");
    return sent?.jobId;
  }
}

function isOf(call: WaitingCall, { process, operation }: Disturbance): boolean {
  return call.process.name === process && call.operation === operation;
}
