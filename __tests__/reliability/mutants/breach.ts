import type { Violation } from "../checker/verdict.ts";
import type { Breakable } from "./mutant.ts";

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

export const DID_NOT_SETTLE: Breach = { broken: 14, message: "the world did not settle" };
