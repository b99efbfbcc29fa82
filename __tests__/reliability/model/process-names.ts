import type { Fact } from "../history/fact.ts";
import { TYPE } from "./item-table.ts";
import type { Model } from "./model.ts";

/** The queue of the model's jobs, and that of its dead letters, as facts name them. */
export const QUEUES = { queue: "canary-jobs", deadLetters: "canary-dead-letters" } as const;

/** What the process of a slot is, for people. */
export function describeSlot({ configuration }: Model, slot: number | undefined): string {
  if (slot === undefined) return "surroundings";
  const kind = configuration.processes[slot]!;
  return kind === "worker" ? `worker ${slot + 1}` : kind;
}

/** Names of processes in one replayed trace: who takes the place of a process that is gone has a name of its own. */
export class ProcessNames {
  readonly #model: Model;
  readonly #lives: number[];

  constructor(model: Model) {
    this.#model = model;
    this.#lives = model.configuration.processes.map(() => 1);
  }

  of(slot: number): string {
    return `${describeSlot(this.#model, slot)}, life ${this.#lives[slot]}`;
  }

  /** The facts with which the first processes begin. */
  begin(): Fact[] {
    return this.#lives.flatMap((_, slot) => this.#started(slot));
  }

  /** Replaces those that are gone by some facts. @returns the facts with which their successors begin. */
  replaceGone(facts: readonly Fact[]): Fact[] {
    const gone = facts.flatMap((fact) => (fact.kind === "gone" ? [fact.by] : []));
    const slots = [...this.#lives.keys()].filter((slot) => gone.includes(this.of(slot)));
    return slots.flatMap((slot) => {
      this.#lives[slot]! += 1;
      return this.#started(slot);
    });
  }

  #started(slot: number): Fact[] {
    if (this.#model.configuration.processes[slot] !== "worker") return [];
    return [{ kind: "workerStarted", by: this.of(slot), type: TYPE, queue: QUEUES.queue, concurrency: 1 }];
  }
}
