import { setTimeout as delay, setImmediate as turn } from "node:timers/promises";
import { ChangedGlobals } from "./changed-globals.ts";
import { KeptMemory } from "./kept-memory.ts";
import type { Look } from "./messages.ts";
import type { NotedCalls } from "./noted-calls.ts";
import { OpenResources } from "./open-resources.ts";
import { programsOf } from "./thread-processes.ts";

export interface LeftoversSettings {
  /** Memory that jobs may leave, together, in MiB. */
  readonly maxKeptMiB: number;
  /** The mark that the thread's programs bear. */
  readonly mark: string;
  readonly calls: NotedCalls;
}

/** Turns of the event loop in which what a handler has closed is gone: a socket takes two. */
const TURNS = 3;
/** Milliseconds for what takes longer, such as the exchange in which two ends close a connection. */
const CLOSING_MS = 20;

/** Looks at a thread between two jobs: what has the last one left? */
export class Leftovers {
  readonly #resources = new OpenResources();
  readonly #memory: KeptMemory;
  readonly #globals: ChangedGlobals;
  readonly #calls: NotedCalls;
  readonly #mark: string;

  /** To be made when the handler's module is loaded: what modules open, keep and change is the thread's own. */
  constructor({ maxKeptMiB, mark, calls }: LeftoversSettings) {
    this.#globals = new ChangedGlobals();
    this.#memory = new KeptMemory(maxKeptMiB);
    this.#mark = mark;
    this.#calls = calls;
    calls.clear();
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
    const setters = this.#calls.setters.map((name) => `a call of ${name}`);
    if (setters.length > 0) return { left: setters, mayLinger: true };
    const open = await this.#open();
    return { left: open.length > 0 ? open : this.#programs(), mayLinger: true };
  }

  /** A shell may have ended, and what it started in the background goes on. */
  #programs(): string[] {
    const running = this.#calls.takeStarted() ? programsOf(this.#mark).length : 0;
    return running === 0 ? [] : [`${running} program`];
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
