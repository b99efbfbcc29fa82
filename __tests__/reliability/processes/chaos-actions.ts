/** What is done to a run, and how often. */
export interface ActionCounts {
  /** SIGKILL to a worker. */
  readonly kill: number;
  /** SIGSTOP to a worker, for longer than its leases hold, then SIGCONT. */
  readonly freeze: number;
  /** SIGTERM to a worker. */
  readonly terminate: number;
  /** SIGKILL to the process of the Lambdas. */
  readonly killLambdas: number;
  /** SIGKILL to the process of the emulators, which is started again on the same state. */
  readonly restartEmulators: number;
}

export type ActionName = keyof ActionCounts;

/** All actions of a run, in a random order that `random` determines. */
export function planActions(counts: ActionCounts, random: () => number): ActionName[] {
  const actions = (Object.entries(counts) as [ActionName, number][]).flatMap(([name, count]) =>
    Array.from({ length: count }, () => ({ name, place: random() })),
  );
  return actions.toSorted((a, b) => a.place - b.place).map(({ name }) => name);
}
