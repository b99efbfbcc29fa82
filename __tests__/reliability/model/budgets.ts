/** What happens a bounded number of times: faults, and requests from outside. */
export const BUDGETS = {
  adds: "requests to add the job",
  cancels: "requests to cancel it",
  shutdowns: "workers told to shut down while they hold its message",
  crashes: "crashes, each between any two steps of any process",
  duplicates: "messages delivered again while in flight, or after their delete",
  lostAnswers: "writes and sends that take effect without an answer, so that the SDK makes them again",
  leaseExpiries: "leases that run out while their worker lives",
  deadLetters: "messages moved to the dead-letter queue, or back from it",
} as const;

export type Budget = keyof typeof BUDGETS;

/** How much of each is left. */
export interface Budgets {
  readonly id: number;
  readonly left: Readonly<Record<Budget, number>>;
}

export class BudgetTable {
  readonly #all: Budgets[] = [];
  readonly #byKey = new Map<string, Budgets>();
  readonly #spent = new Map<Budget, (Budgets | undefined)[]>();

  at(id: number): Budgets {
    return this.#all[id]!;
  }

  of(left: Readonly<Record<Budget, number>>): Budgets {
    const key = Object.values(left).join();
    let budgets = this.#byKey.get(key);
    if (budgets === undefined) {
      budgets = { id: this.#all.length, left };
      this.#all.push(budgets);
      this.#byKey.set(key, budgets);
    }
    return budgets;
  }

  /** One less of a budget. */
  spend(budgets: Budgets, name: Budget): Budgets {
    let known = this.#spent.get(name);
    if (known === undefined) {
      known = [];
      this.#spent.set(name, known);
    }
    known[budgets.id] ??= this.of({ ...budgets.left, [name]: budgets.left[name] - 1 });
    return known[budgets.id]!;
  }
}
