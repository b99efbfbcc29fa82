import type { StoredJob } from "../../../domain/job.ts";
import { isNewerState } from "../../../domain/newer-state.ts";
import type { AwsTry, CallOutput } from "../world/call-gate.ts";
import { duplicate, show } from "../world/redelivery.ts";
import type { World } from "../world/world.ts";
import { connectionReset, noAnswer, noConnection, serverError, throttled } from "./aws-errors.ts";
import { type Entry, entriesOf, forgetDeletes, INTERNAL_ERROR, performBut, STALE_HANDLE } from "./batch-faults.ts";

/** A try that something goes wrong with. */
interface Tried {
  readonly world: World;
  readonly attempt: AwsTry;
  readonly perform: () => Promise<CallOutput>;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Told where the fault had anything to befall. */
  readonly note: () => void;
}

/** What a fault makes of a try: an answer, or the error that the SDK sees. */
type Fault = (tried: Tried) => Promise<CallOutput>;

/** What may befall a try of any operation, once the SDK has sent it. */
const ANYWHERE = {
  /** No connection: AWS never hears of it. */
  drop: async ({ note }) => {
    note();
    throw noConnection();
  },
  /** It takes effect, and the answer never comes. */
  "execute then time out": async (tried) => {
    await unheard(tried);
    throw noAnswer();
  },
  /** The connection breaks, before or after it took effect. */
  reset: async (tried) => {
    await unheard(tried, 0.5);
    throw connectionReset();
  },
  throttle: async ({ attempt, note }) => {
    note();
    throw throttled(attempt.operation);
  },
  /** A 5xx, before or after it took effect. */
  "server error": async (tried) => {
    await unheard(tried, 0.3);
    throw serverError();
  },
} as const satisfies Record<string, Fault>;

/** What may befall a try because of what it asks for, which AWS promises only "at least once" or "eventually". */
const OWN = {
  /** An eventually consistent read finds an older version. */
  "stale read": async ({ world, perform, random, note }) => {
    const output = await perform();
    const stale = staleAnswer(world, output, random);
    if (stale !== undefined) note();
    return stale ?? output;
  },
  /** A received message is delivered to somebody else too: a copy, or the same, whose receipt handle becomes stale. */
  "duplicate receive": async ({ world, attempt, perform, random, note }) => {
    const output = await perform();
    const { Messages = [] } = output as { readonly Messages?: readonly { Body: string; ReceiptHandle: string }[] };
    const message = Messages[Math.floor(random() * Messages.length)];
    if (message === undefined) return output;
    note();
    if (random() < 0.5) await duplicate(world, message.Body);
    else await show(world, String(attempt.input.QueueUrl), message.ReceiptHandle);
    return output;
  },
  /** A deleted message comes back. */
  "message back after delete": async (tried) => await forgetDeletes(tried.world, tried.attempt, some(tried)),
  "stale receipt handle": async (tried) => await performBut(tried.world, tried.attempt, some(tried), STALE_HANDLE),
  "half-failed batch": async (tried) => await performBut(tried.world, tried.attempt, some(tried), INTERNAL_ERROR),
  /** SNS delivers an event twice. */
  "duplicate event": async ({ perform, note }) => {
    note();
    await perform();
    return await perform();
  },
} as const satisfies Record<string, Fault>;

const FAULTS: Readonly<Record<string, Fault>> = { ...ANYWHERE, ...OWN };

const OWN_OF_OPERATION: Readonly<Record<string, readonly (keyof typeof OWN)[]>> = {
  BatchGetItem: ["stale read"],
  ReceiveMessage: ["duplicate receive"],
  SendMessageBatch: ["half-failed batch"],
  DeleteMessageBatch: ["half-failed batch", "message back after delete"],
  ChangeMessageVisibilityBatch: ["half-failed batch", "stale receipt handle"],
  PublishBatch: ["half-failed batch", "duplicate event"],
};

/** Of the network: how often a try is delayed, and for how long at most. */
const DELAYED_SHARE = 0.25;
const MAX_DELAY_MS = 12_000;

/** All that can go wrong; the last two befall a try on its way, and the events of a subscriber. */
export const FAULT_KINDS = [...Object.keys(FAULTS), "delay", "reordered events"] as const;

/** Makes calls go wrong, under the SDK's retries, until it is stopped. */
export class FaultInjector {
  /** How often each kind was injected. */
  readonly injected = new Map<string, number>();
  readonly #rate: number;
  readonly #random: () => number;
  #stopped = false;

  /**
   * @param rate share of tries that something happens to, from 0 to 1.
   * @param random from 0 up to 1; it decides everything here.
   */
  constructor(rate: number, random: () => number) {
    this.#rate = rate;
    this.#random = random;
  }

  stop(): void {
    this.#stopped = true;
  }

  note(kind: string, times = 1): void {
    this.injected.set(kind, (this.injected.get(kind) ?? 0) + times);
  }

  /** Milliseconds that a try is on its way; past the SDK's deadline it takes effect when nobody waits for it any more. */
  delayMs(): number {
    if (this.#stopped || this.#random() >= this.#rate * DELAYED_SHARE) return 0;
    this.note("delay");
    return 1 + Math.floor(this.#random() * MAX_DELAY_MS);
  }

  /** Draws whether something happens to a try, and what of that which can. */
  async intercept(world: World, attempt: AwsTry, perform: () => Promise<CallOutput>): Promise<CallOutput> {
    const random = this.#random;
    if (this.#stopped || random() >= this.#rate) return await perform();
    // As often one of the operation's own, where there are any, as one of the others.
    const own = isConsistentRead(attempt) ? [] : (OWN_OF_OPERATION[attempt.operation] ?? []);
    const kinds = own.length > 0 && random() < 0.5 ? own : Object.keys(ANYWHERE);
    const kind = kinds[Math.floor(random() * kinds.length)] ?? "drop";
    return await (FAULTS[kind] ?? ANYWHERE.drop)({ world, attempt, perform, random, note: () => this.note(kind) });
  }
}

/** With this chance it takes effect, or is refused; nobody hears which. */
async function unheard({ perform, random, note }: Tried, chance = 1): Promise<void> {
  if (random() < chance) await perform().catch(() => undefined);
  note();
}

/** At least one of the entries, so that a batch of one fails as a whole. */
function some({ attempt, random, note }: Tried): ReadonlySet<Entry> {
  note();
  const entries = entriesOf(attempt);
  const certain = Math.floor(random() * entries.length);
  return new Set(entries.filter((_, index) => index === certain || random() < 0.3));
}

/** The registry is read without consistency too, but none of its entries changes in a run, so that an old version is the new one. */
function isConsistentRead({ input: { RequestItems = {} } }: AwsTry): boolean {
  return Object.values(RequestItems as Record<string, { readonly ConsistentRead?: boolean }>).some(
    ({ ConsistentRead = false }) => ConsistentRead,
  );
}

/** The answer of a replica that lags behind: each job as one of its versions before; undefined where there were none. */
function staleAnswer(world: World, output: CallOutput, random: () => number): CallOutput | undefined {
  let isStale = false;
  const older = (job: StoredJob): StoredJob => {
    const before = world.recorder.facts.flatMap((fact) =>
      fact.kind === "committed" && fact.job.id === job.id && isNewerState(job, fact.job) ? [fact.job] : [],
    );
    const chosen = before[Math.floor(random() * before.length)];
    isStale ||= chosen !== undefined;
    return chosen ?? job;
  };
  const tables = Object.entries((output.Responses ?? {}) as Record<string, StoredJob[]>);
  const Responses = Object.fromEntries(tables.map(([table, jobs]) => [table, jobs.map(older)]));
  return isStale ? { ...output, Responses } : undefined;
}
