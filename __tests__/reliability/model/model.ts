import type { StoredJob } from "../../../domain/job.ts";
import { MAX_INTERRUPTIONS } from "../../../domain/limits.ts";
import type { TransitionName } from "../../../domain/transitions.ts";
import type { CommitViolation } from "../checker/commit-rules.ts";
import type { Fact } from "../history/fact.ts";
import { type Budget, BudgetTable } from "./budgets.ts";
import { Checks } from "./checks.ts";
import type { Configuration } from "./configurations.ts";
import type { Design } from "./design.ts";
import { ItemTable } from "./item-table.ts";
import { LocalTable } from "./local-table.ts";
import { MessageTable } from "./messages.ts";
import type { World } from "./world.ts";

/**
 * What leads from one moment to the next: the progress of a process, or what a budget bounds, a fault or a request from
 * outside. Liveness is demanded of progress alone.
 */
export interface Edge {
  /** The process that made it; undefined where its surroundings did. */
  readonly slot: number | undefined;
  readonly label: string;
  readonly spends: Budget | undefined;
  readonly next: World;
}

const DAY_MS = 86_400_000;

/** What the machines share while a configuration of processes is explored: tables, checks, and where their edges go. */
export class Model {
  readonly configuration: Configuration;
  readonly design: Design;
  readonly items: ItemTable;
  readonly messages = new MessageTable();
  readonly locals: LocalTable;
  readonly budgets = new BudgetTable();
  readonly checks = new Checks();
  /** What the rules of commits say of each, by the items before and after. */
  readonly commitViolations = new Map<string, readonly CommitViolation[]>();
  /** What `cancelStep` says of an item, by its ID. */
  readonly cancelSteps = new Map<number, { readonly transition?: TransitionName } | "ended">();
  /** Takes each edge from the moment that is being explored. */
  onEdge: (edge: Edge) => void = () => {};
  /** Takes the facts of the edge that comes next, while a trace is replayed. */
  onFact: ((fact: Fact) => void) | undefined;
  /** How the process of a slot is called in facts. */
  nameOf: (slot: number) => string = String;
  /** The name of a new message; 0 unless a trace is replayed. */
  nextMessageName: () => number = () => 0;

  constructor(configuration: Configuration, design: Design) {
    this.configuration = configuration;
    this.design = design;
    this.items = new ItemTable({
      apply: design.apply,
      maxAttempts: configuration.maxAttempts,
      interruptions: this.firstInterruptions,
      age: configuration.expired ? 14 * DAY_MS : 0,
      delayed: configuration.delayed,
    });
    this.locals = new LocalTable(this.items.absent);
  }

  /** Hand-backs that the job has behind it from the start. */
  get firstInterruptions(): number {
    return MAX_INTERRUPTIONS - this.configuration.interruptionsLeft;
  }

  /** The job as facts and rules see it: without the hand-backs that it is supposed to have behind it. */
  told(job: StoredJob): StoredJob {
    const { attempt, interruptions, result } = job;
    const earlier = this.firstInterruptions;
    const shown = { ...job, attempt: attempt - earlier, interruptions: interruptions - earlier };
    return result === undefined
      ? shown
      : { ...shown, result: JSON.stringify({ attempt: (JSON.parse(result) as { attempt: number }).attempt - earlier }) };
  }

  first(): World {
    return {
      item: this.items.absent,
      published: 0,
      messages: this.messages.empty,
      processes: this.configuration.processes.map(() => this.locals.idle),
      budgets: this.budgets.of(this.configuration.budgets),
    };
  }

  /** Explores one moment: every edge from it goes to `onEdge`. */
  expand(world: World): void {
    for (const [slot, local] of world.processes.entries()) {
      const kind = this.configuration.processes[slot]!;
      const step = this.design.machines[kind][local.step];
      if (step === undefined) throw new Error(`the machine "${kind}" has no step "${local.step}"`);
      step(this, world, slot);
    }
    for (const happen of this.design.surroundings) happen(this, world);
  }

  progress(slot: number | undefined, label: string, next: World): void {
    this.onEdge({ slot, label, spends: undefined, next });
  }

  /** An edge from `world` that takes one of a budget, where one is left. */
  spending(budget: Budget, world: World, slot: number | undefined, label: string, next: () => World): void {
    if (world.budgets.left[budget] === 0) return;
    const budgets = this.budgets.spend(world.budgets, budget);
    this.onEdge({ slot, label, spends: budget, next: { ...next(), budgets } });
  }
}
