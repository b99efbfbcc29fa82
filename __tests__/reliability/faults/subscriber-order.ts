import type { Fact, History } from "../history/fact.ts";

/** Share of events that a subscriber gets twice. */
const DOUBLED = 0.2;

/**
 * The history of a subscriber that got the same events in another order, and some of them twice: SNS promises neither.
 *
 * @returns how many of its events are not where they were, too.
 */
export function reordered(history: History, random: () => number): { readonly history: History; readonly moved: number } {
  const deliveries = history.facts.filter(({ kind }) => kind === "delivered");
  const order = deliveries
    .flatMap((fact) => (random() < DOUBLED ? [fact, fact] : [fact]))
    .map((fact) => ({ fact, at: random() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ fact }): Fact => fact);
  const moved = order.filter((fact, index) => fact !== deliveries[index]).length;
  return { history: { ...history, facts: [...history.facts.filter(({ kind }) => kind !== "delivered"), ...order] }, moved };
}
