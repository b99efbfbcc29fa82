import type { Breach } from "./breach.ts";
import { breakableName, type Mutant } from "./mutant.ts";

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
