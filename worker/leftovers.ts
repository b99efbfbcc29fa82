import { setTimeout as delay, setImmediate as turn } from "node:timers/promises";
import { ChangedGlobals } from "./changed-globals.ts";
import { KeptMemory } from "./kept-memory.ts";
import { OpenResources } from "./open-resources.ts";
import type { Look } from "./thread-messages.ts";

/** Turns of the event loop in which what a handler has closed is gone: a socket takes two. */
const TURNS = 3;
/** Milliseconds for what takes longer, such as the exchange in which two ends close a connection. */
const CLOSING_MS = 20;

/** Looks at a thread between two jobs: what has the last one left? */
export class Leftovers {
  readonly #resources = new OpenResources();
  readonly #memory: KeptMemory;
  readonly #globals: ChangedGlobals;

  /** To be made when the handler's module is loaded: what modules open, keep and change is the thread's own. */
  constructor(maxKeptMiB: number) {
    this.#globals = new ChangedGlobals();
    this.#memory = new KeptMemory(maxKeptMiB);
  }

  /** Finds nothing where the next job finds what the first one found. */
  async find(): Promise<Look> {
    // What the handler has begun in its last turn, such as a call that it does not wait for, gets its turn first.
    await turn();
    const changed = this.#globals.find();
    // Nothing can be relied upon any more.
    if (changed !== undefined) return { left: [`a changed ${changed}`], mayLinger: true };
    const memory = this.#memory.find();
    if (memory !== undefined) return { left: [memory], mayLinger: false };
    return { left: await this.#open(), mayLinger: true };
  }

  async #open(): Promise<string[]> {
    for (let turns = 0; turns < TURNS; turns += 1) {
      if (this.#resources.list().length === 0) return [];
      await turn();
    }
    await delay(CLOSING_MS);
    return this.#resources.list();
  }
}
