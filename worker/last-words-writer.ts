import { setTimeout as delay } from "node:timers/promises";
import type { JobError } from "@autoscaling-job-queues/domain/errors";
import type { LastWords, LastWordsKind, LastWordsStore } from "@autoscaling-job-queues/domain/last-words";
import { handlerFailure } from "./runners/handler-failure.ts";

export interface LastWordsWriterDependencies {
  readonly store: Pick<LastWordsStore, "write" | "withdraw">;
  readonly worker: string;
  readonly image: string | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly onFailure: (error: Error) => void;
}

/** What a worker does before it can work; what works again takes back the words on it. */
export type Step = "receive" | "claim" | "start";

const KINDS: Readonly<Record<Step, LastWordsKind>> = { receive: "claim", claim: "claim", start: "start" };
/** At most one write of words in so long, whatever fails how often, in milliseconds. */
const INTERVAL_MS = 60_000;
/** How long the end of a worker waits for words that are under way, in milliseconds. */
const PATIENCE_MS = 2_000;

/**
 * Leaves a worker's last words where people find them: that it cannot take jobs or begin them, and why. Nothing waits for a write but the
 * end of the process, and that not for long; a write that fails is not made again.
 */
export class LastWordsWriter {
  readonly #dependencies: LastWordsWriterDependencies;
  /** The words that stand, and the step that they are on. */
  #said: { readonly step: Step; readonly words: LastWords } | undefined;
  #saidAt: number | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(dependencies: LastWordsWriterDependencies) {
    this.#dependencies = dependencies;
  }

  /** A step failed: says so, unless the worker spoke within the last minute. */
  failed(step: Step, thrown: unknown): void {
    const { now, worker, image, store } = this.#dependencies;
    const at = now();
    const silence = this.#saidAt === undefined ? INTERVAL_MS : at - this.#saidAt;
    // A clock that was set back tells nothing of when it last spoke.
    if (silence >= 0 && silence < INTERVAL_MS) return;
    this.#saidAt = at;
    const words: LastWords = {
      kind: KINDS[step],
      error: errorOf(thrown),
      worker,
      at: new Date(at).toISOString(),
      ...(image === undefined ? {} : { image }),
    };
    this.#said = { step, words };
    this.#write(() => store.write(words));
  }

  /** A step went well: takes back what was said of it. */
  worked(step: Step): void {
    if (this.#said?.step !== step) return;
    const { words } = this.#said;
    this.#said = undefined;
    this.#write(async () => {
      await this.#dependencies.store.withdraw(words).catch((error: Error) => {
        // Another worker has spoken since.
        if (error.name !== "ConditionalCheckFailedException") throw error;
      });
    });
  }

  /** Settles when no write is under way, or after two seconds. */
  async written(): Promise<void> {
    const late = new AbortController();
    await Promise.race([this.#writing, delay(PATIENCE_MS, undefined, { signal: late.signal, ref: false }).catch(() => {})]);
    late.abort();
  }

  #write(write: () => Promise<void>): void {
    this.#writing = this.#writing.then(write).catch((error: Error) => this.#dependencies.onFailure(error));
  }
}

/** Bounded, and without a stack; what an attempt could not begin for has its code already. */
function errorOf(thrown: unknown): JobError {
  const { code, message } = handlerFailure(thrown);
  return { code, message };
}
