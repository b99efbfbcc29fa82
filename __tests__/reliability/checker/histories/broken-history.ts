import type { History } from "../../history/fact.ts";
import type { Invariant } from "../invariants.ts";

/** A run in which an invariant breaks. */
export interface BrokenHistory {
  readonly breaks: Invariant;
  readonly when: string;
  readonly history: History;
}
