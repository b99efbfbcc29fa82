import type { SimulatedProcess } from "./simulated-process.ts";

/** One try of a call to AWS: what the SDK retries is a try of its own. */
export interface AwsTry {
  readonly process: SimulatedProcess;
  /** Among the tries of its process, from 1. */
  readonly number: number;
  /** The API's operation, such as `PublishBatch`. */
  readonly operation: string;
  /** The SDK command's input; of DynamoDB, with marshalled attributes. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** What the SDK makes of the answer. */
export type CallOutput = Readonly<Record<string, unknown>>;

/**
 * Decides what becomes of a try. `perform` lets it take effect and gives the answer; an interceptor may leave it undone,
 * do it twice, throw what the SDK then sees as the try's failure, change the answer, or kill or stall the process before
 * or after it.
 */
export type Interceptor = (attempt: AwsTry, perform: () => Promise<CallOutput>) => Promise<CallOutput>;

/** Which of the waiting calls is performed next: of at least one. @returns its place. */
export type Pick = (ready: readonly WaitingCall[]) => number;

/** A call whose process is running. */
export interface WaitingCall {
  readonly process: SimulatedProcess;
  readonly operation: string;
}

interface Waiting extends WaitingCall {
  readonly input: Readonly<Record<string, unknown>>;
  readonly call: () => Promise<CallOutput>;
  readonly settle: { resolve(output: CallOutput): void; reject(error: unknown): void };
}

/**
 * Every try of every process of a world passes here, one at a time. While none is under way, all processes stand still: so
 * the order of calls is the gate's choice, and the same each time.
 */
export class CallGate {
  readonly #intercept: Interceptor;
  readonly #pick: Pick;
  #waiting: Waiting[] = [];
  /** Answers for processes that stand still. */
  #answers: { readonly process: SimulatedProcess; readonly deliver: () => void }[] = [];
  #performing: AwsTry | undefined;
  #arrivals = 0;

  constructor(intercept: Interceptor, pick: Pick) {
    this.#intercept = intercept;
    this.#pick = pick;
  }

  /** The try that is under way. */
  get performing(): AwsTry | undefined {
    return this.#performing;
  }

  /** How many tries have arrived so far. */
  get arrivals(): number {
    return this.#arrivals;
  }

  /** Takes a try; its promise settles when it has been performed, and never for a process that is gone by then. */
  pass(
    process: SimulatedProcess,
    operation: string,
    input: Readonly<Record<string, unknown>>,
    call: () => Promise<CallOutput>,
  ): Promise<CallOutput> {
    const { promise, resolve, reject } = Promise.withResolvers<CallOutput>();
    this.#arrivals += 1;
    if (!process.gone) this.#waiting.push({ process, operation, input, call, settle: { resolve, reject } });
    return promise;
  }

  /** Calls that have not been answered, those of processes that stand still included. */
  get unanswered(): readonly WaitingCall[] {
    return this.#waiting.filter(({ process }) => !process.gone);
  }

  /** Whether a running process waits for a call. */
  get busy(): boolean {
    return this.#ready().length > 0 || this.#answers.some(({ process }) => process.running);
  }

  /** Performs one try. @returns whether there was one. */
  async performNext(): Promise<boolean> {
    if (this.#deliverHeld()) return true;
    this.#waiting = this.#waiting.filter(({ process }) => !process.gone);
    const ready = this.#ready();
    if (ready.length === 0) return false;
    const next = ready[this.#pick(ready)] as Waiting;
    this.#waiting.splice(this.#waiting.indexOf(next), 1);
    await this.#perform(next);
    return true;
  }

  async #perform({ process, operation, input, call, settle }: Waiting): Promise<void> {
    process.tries += 1;
    const attempt: AwsTry = { process, number: process.tries, operation, input };
    this.#performing = attempt;
    let deliver: () => void;
    try {
      const output = await this.#intercept(attempt, call);
      deliver = () => settle.resolve(output);
    } catch (error) {
      deliver = () => settle.reject(error);
    }
    this.#performing = undefined;
    if (process.running) deliver();
    else if (process.stalled) this.#answers.push({ process, deliver });
  }

  #deliverHeld(): boolean {
    const answer = this.#answers.find(({ process }) => process.running);
    if (answer === undefined) return false;
    this.#answers = this.#answers.filter((held) => held !== answer);
    answer.deliver();
    return true;
  }

  #ready(): Waiting[] {
    return this.#waiting.filter(({ process }) => process.running);
  }
}
