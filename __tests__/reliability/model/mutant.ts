import type { Invariant } from "../checker/invariants.ts";
import type { Configuration } from "./configurations.ts";
import { DESIGN, type Design, type Machine, type ProcessKind } from "./design.ts";

/** A design with one mistake in it, and the invariant that it breaks. */
export interface Mutant {
  readonly name: string;
  readonly breaks: Invariant;
  readonly design: Design;
  /** Bounds within which it shows. */
  readonly configuration: Configuration;
}

/** The design with other steps in one machine. */
export function withSteps(kind: ProcessKind, steps: Machine): Design {
  const { machines } = DESIGN;
  return { ...DESIGN, machines: { ...machines, [kind]: { ...machines[kind], ...steps } } };
}
