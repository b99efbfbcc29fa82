import { AsyncLocalStorage } from "node:async_hooks";
import type { CallGate } from "./call-gate.ts";

/** What a process does: one Lambda invocation each, a worker, or a client of the API. */
export type ProcessKind = "add" | "cancel" | "control" | "get" | "dead-letter" | "on-complete" | "schedule" | "worker" | "client";

const current = new AsyncLocalStorage<SimulatedProcess | undefined>();

/** The simulated process that the calling code belongs to; undefined in the harness and the emulators. */
export function currentProcess(): SimulatedProcess | undefined {
  return current.getStore();
}

/** Runs code as a part of no simulated process. */
export function outsideOfProcesses<Result>(code: () => Result): Result {
  return current.run(undefined, code);
}

export interface ProcessSettings {
  /** Such as `worker#1`: the kind, and its number among those of its kind in this world. */
  readonly name: string;
  readonly kind: ProcessKind;
  /** Milliseconds that its clock is ahead of the world's. */
  readonly skewMs: number;
  /** What its calls pass. */
  readonly gate: CallGate;
  /** Its chance: numbers from 0 up to 1. */
  readonly random: () => number;
  readonly onGone: (how: "killed" | "exited") => void;
}

/**
 * A process of a simulated world. Its code runs in this Node process, but reaches the outside only by calls and timers,
 * and both know whose they are: once it is gone, none of its calls settles and none of its timers fires, so that nothing
 * of it ever runs on. A stalled process (SIGSTOP) is the same until it resumes.
 */
export class SimulatedProcess {
  readonly name: string;
  readonly kind: ProcessKind;
  readonly skewMs: number;
  readonly gate: CallGate;
  readonly random: () => number;
  /** Tries of calls so far. */
  tries = 0;
  readonly #onGone: (how: "killed" | "exited") => void;
  #state: "running" | "stalled" | "gone" = "running";

  constructor(settings: ProcessSettings) {
    this.name = settings.name;
    this.kind = settings.kind;
    this.skewMs = settings.skewMs;
    this.gate = settings.gate;
    this.random = settings.random;
    this.#onGone = settings.onGone;
  }

  get running(): boolean {
    return this.#state === "running";
  }

  get stalled(): boolean {
    return this.#state === "stalled";
  }

  get gone(): boolean {
    return this.#state === "gone";
  }

  /** Epoch milliseconds by its own clock. */
  readonly now = (): number => Date.now() + this.skewMs;

  /** Runs code as a part of this process. */
  run<Result>(code: () => Result): Result {
    return current.run(this, code);
  }

  /** SIGKILL, at the instruction where it is. */
  kill(): void {
    this.#end("killed");
  }

  /** It came to its end. */
  exit(): void {
    this.#end("exited");
  }

  /** SIGSTOP: it stands still, and its calls and timers wait. */
  stall(): void {
    if (this.#state === "running") this.#state = "stalled";
  }

  /** SIGCONT. */
  resume(): void {
    if (this.#state === "stalled") this.#state = "running";
  }

  #end(how: "killed" | "exited"): void {
    if (this.#state === "gone") return;
    this.#state = "gone";
    this.#onGone(how);
  }
}
