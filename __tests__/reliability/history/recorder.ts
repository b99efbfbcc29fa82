import type { Fact, FinalState, History } from "./fact.ts";

/** Takes facts down as they happen. */
export class HistoryRecorder {
  readonly #facts: Fact[] = [];

  get facts(): readonly Fact[] {
    return this.#facts;
  }

  record(fact: Fact): void {
    this.#facts.push(fact);
  }

  /** The history of a run that has settled. */
  settled(final: FinalState): History {
    return { facts: this.#facts, settled: true, final };
  }

  /** The history so far: only safety can be demanded of it. */
  soFar(): History {
    return { facts: this.#facts, settled: false };
  }
}
