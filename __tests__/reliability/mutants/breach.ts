import type { Violation } from "../checker/verdict.ts";
import { type Breakable, breakableName, type Mutant } from "./mutant.ts";

/** A promise that did not hold, and what showed it. */
export interface Breach {
  readonly broken: Breakable;
  readonly message: string;
}

/**
 * The first violation of each invariant. That of crash safety (15) is left out where another says what broke: it follows each
 * of them.
 */
export function breachesOf(violations: readonly Violation[]): Breach[] {
  const first = new Map<Breakable, Breach>();
  for (const { invariant, message } of violations) {
    if (!first.has(invariant)) first.set(invariant, { broken: invariant, message });
  }
  if (first.size > 1) first.delete(15);
  return [...first.values()];
}

/** What is wrong with a mutant's death, in a sentence; undefined where it was killed for the right reason. */
export function notKilled({ breaks, killer }: Mutant, breaches: readonly Breach[]): string | undefined {
  const [first] = breaks;
  if (breaches.length === 0) return `it survives "${killer}", which should have found ${breakableName(first)} broken`;
  const isFound = breaches.some(({ broken }) => broken === first);
  const others = breaches.filter(({ broken }) => !breaks.includes(broken));
  if (isFound && others.length === 0) return undefined;
  const told = (isFound ? others : breaches).map(({ broken, message }) => `${breakableName(broken)}: ${message}`);
  return `"${killer}" should have found ${breaks.map(breakableName).join(", ")} broken, and found ${told.join("; ")}`;
}
