import { createHook } from "node:async_hooks";
import { jobScope } from "./job-scope.ts";

/**
 * Types of resources (Node: `async_hooks`) that can wake a thread later: handles, requests and timers, referenced or not. Others
 * are known to be gone only when they are collected.
 */
const OPEN = /^(?:Timeout|Immediate|MESSAGEPORT|WORKER|STATWATCHER|.*(?:WRAP|REQ|REQUEST|REQPROMISE|REQCALLBACK))$/;
/** They outlive their socket, which is counted itself. */
const UNCOUNTED: ReadonlySet<string> = new Set(["TLSWRAP", "HTTPCLIENTREQUEST"]);

/** Knows what jobs have opened, such as timers and sockets, and not closed. What a module opens at its load is left out. */
export class OpenResources {
  readonly #open = new Map<number, string>();
  /** Whether a type counts, for those seen so far: there are few. */
  readonly #counts = new Map<string, boolean>();

  constructor() {
    createHook({
      init: (id, type) => {
        if (this.#isCounted(type) && jobScope.getStore() !== undefined) this.#open.set(id, type);
      },
      destroy: (id) => void this.#open.delete(id),
      // Promises wake nothing, and following them would slow every handler.
      trackPromises: false,
    }).enable();
  }

  /** Such as `2 Timeout`, for each type. */
  list(): string[] {
    const numbers = new Map<string, number>();
    for (const type of this.#open.values()) numbers.set(type, (numbers.get(type) ?? 0) + 1);
    return [...numbers].map(([type, number]) => `${number} ${type}`);
  }

  #isCounted(type: string): boolean {
    let counts = this.#counts.get(type);
    if (counts === undefined) {
      counts = OPEN.test(type) && !UNCOUNTED.has(type);
      this.#counts.set(type, counts);
    }
    return counts;
  }
}
