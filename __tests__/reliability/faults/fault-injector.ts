import { ChangeMessageVisibilityCommand } from "@aws-sdk/client-sqs";
import type { AwsTry, CallOutput, Interceptor } from "../world/call-gate.ts";
import { duplicate } from "../world/redelivery.ts";
import type { World } from "../world/world.ts";
import { connectionReset, noAnswer, noConnection, serverError, throttled } from "./aws-errors.ts";
import { type Entry, entriesOf, forgetDeletes, INTERNAL_ERROR, performBut, STALE_HANDLE } from "./batch-faults.ts";
import { type FaultKind, KINDS_ANYWHERE, ownKinds } from "./fault-kinds.ts";
import { staleAnswer } from "./stale-read.ts";

type Perform = () => Promise<CallOutput>;
type Inject = (attempt: AwsTry, perform: Perform) => Promise<CallOutput>;

/** Of the network: how often a try is delayed, and for how long at most. */
const DELAYED_SHARE = 0.25;
const MAX_DELAY_MS = 12_000;

export interface FaultInjectorSettings {
  /** Share of tries that something happens to, from 0 to 1. */
  readonly rate: number;
  /** From 0 up to 1; it decides everything here. */
  readonly random: () => number;
}

/**
 * Makes calls go wrong, under the SDK's retries, until it is stopped. Each try that AWS is asked to perform draws whether
 * something happens to it, and what of that which can.
 */
export class FaultInjector {
  readonly #rate: number;
  readonly #random: () => number;
  readonly #injected: { readonly operation: string; readonly kind: FaultKind }[] = [];
  #world: World | undefined;
  #stopped = false;

  constructor({ rate, random }: FaultInjectorSettings) {
    this.#rate = rate;
    this.#random = random;
  }

  /** What was injected, oldest first. */
  get injected(): readonly { readonly operation: string; readonly kind: FaultKind }[] {
    return this.#injected;
  }

  /** The world whose calls it gets; known only once that world is open. */
  attach(world: World): void {
    this.#world = world;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Milliseconds that a try is on its way; drawn by the network, before the gate. */
  delayMs(operation: string): number {
    if (this.#stopped || this.#random() >= this.#rate * DELAYED_SHARE) return 0;
    this.#note(operation, "delay");
    return 1 + Math.floor(this.#random() * MAX_DELAY_MS);
  }

  readonly intercept: Interceptor = async (attempt, perform) => {
    if (this.#stopped || this.#random() >= this.#rate) return await perform();
    const kind = this.#draw(attempt);
    return await (this.#faults[kind] ?? this.#faults.drop)(attempt, perform);
  };

  readonly #faults: Readonly<Partial<Record<FaultKind, Inject>>> & { readonly drop: Inject } = {
    drop: async ({ operation }) => {
      this.#note(operation, "drop");
      throw noConnection();
    },
    "execute then time out": async ({ operation }, perform) => {
      await unheard(perform);
      this.#note(operation, "execute then time out");
      throw noAnswer();
    },
    reset: async ({ operation }, perform) => {
      if (this.#random() < 0.5) await unheard(perform);
      this.#note(operation, "reset");
      throw connectionReset();
    },
    throttle: async ({ operation }) => {
      this.#note(operation, "throttle");
      throw throttled(operation);
    },
    "server error": async ({ operation }, perform) => {
      if (this.#random() < 0.3) await unheard(perform);
      this.#note(operation, "server error");
      throw serverError();
    },
    "stale read": async ({ operation }, perform) => {
      const output = await perform();
      const stale = staleAnswer(this.#attached, output, this.#random);
      if (stale !== undefined) this.#note(operation, "stale read");
      return stale ?? output;
    },
    "duplicate receive": async ({ operation, input }, perform) => {
      const output = await perform();
      const { Messages = [] } = output as { readonly Messages?: readonly { Body: string; ReceiptHandle: string }[] };
      const message = Messages[Math.floor(this.#random() * Messages.length)];
      if (message === undefined) return output;
      this.#note(operation, "duplicate receive");
      // SQS keeps copies on several servers; or the visibility timeout ends early, and this receipt handle becomes stale.
      if (this.#random() < 0.5) await duplicate(this.#attached, message.Body);
      else await this.#show(String(input.QueueUrl), message.ReceiptHandle);
      return output;
    },
    "message back after delete": async (attempt) => {
      this.#note(attempt.operation, "message back after delete");
      return await forgetDeletes(this.#attached, attempt, this.#some(attempt));
    },
    "stale receipt handle": async (attempt) => {
      this.#note(attempt.operation, "stale receipt handle");
      return await performBut(this.#attached, attempt, this.#some(attempt), STALE_HANDLE);
    },
    "half-failed batch": async (attempt) => {
      this.#note(attempt.operation, "half-failed batch");
      return await performBut(this.#attached, attempt, this.#some(attempt), INTERNAL_ERROR);
    },
    "duplicate event": async ({ operation }, perform) => {
      this.#note(operation, "duplicate event");
      await perform();
      return await perform();
    },
  };

  /** As often one of the operation's own kinds, where there are any, as one of the others. */
  #draw(attempt: AwsTry): FaultKind {
    const own = ownKinds(attempt);
    const kinds = own.length > 0 && this.#random() < 0.5 ? own : KINDS_ANYWHERE;
    return kinds[Math.floor(this.#random() * kinds.length)] ?? "drop";
  }

  get #attached(): World {
    if (this.#world === undefined) throw new Error("a call came before the injector knew its world");
    return this.#world;
  }

  /** At least one of the entries, so that a batch of one fails as a whole. */
  #some(attempt: AwsTry): ReadonlySet<Entry> {
    const entries = entriesOf(attempt);
    const certain = Math.floor(this.#random() * entries.length);
    return new Set(entries.filter((_, index) => index === certain || this.#random() < 0.3));
  }

  async #show(QueueUrl: string, ReceiptHandle: string): Promise<void> {
    const { platform, ledger } = this.#attached;
    await platform.emulators.sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    ledger.visibilityChanged(ReceiptHandle, 0);
  }

  #note(operation: string, kind: FaultKind): void {
    this.#injected.push({ operation, kind });
  }
}

/** It takes effect, or is refused; nobody hears which. */
async function unheard(perform: Perform): Promise<void> {
  await perform().catch(() => undefined);
}
