import type { Invariant } from "../checker/invariants.ts";
import type { ProbeName } from "./probes.ts";

/** What the API promises beside the numbered invariants (the checks of `../api`). */
export type ApiPromise = "an answer is as described" | "nothing of another owner's jobs shows" | "every answer is less than 500";

/** What a worker promises of commands beside them. */
export type CommandPromise = "what is stored of a command are its own files";

export type Breakable = Invariant | ApiPromise | CommandPromise;

/** A piece of the product's syntax, and what it is replaced by. How it is laid out does not matter. */
export interface Edit {
  /** From the checkout's root. */
  readonly file: string;
  /** The declaration that it is in, by name: `claim`, `Attempt.#commit`, `TRANSITIONS.takeOver`. */
  readonly within: string;
  /** A whole node of the syntax tree (a statement, an expression, an element), of which there is exactly one. */
  readonly node: string;
  /** Nothing, where it is to go. */
  readonly replace: string;
}

export function edit(file: string, within: string, node: string, replace: string): Edit {
  return { file, within, node, replace };
}

/** The product with one guard removed. Where a guard stands in two places that cover for each other, both are removed. */
export interface Mutant {
  /** What it does, so that it reads on after "is broken by". */
  readonly name: string;
  readonly edits: readonly Edit[];
  /** What breaks: the first, for which the guard is there, and nothing but what follows from that. */
  readonly breaks: readonly [Breakable, ...Breakable[]];
  /** The probe that tells. */
  readonly killer: ProbeName;
}

/** "invariant 9" or the promise itself. */
export function breakableName(broken: Breakable): string {
  return typeof broken === "number" ? `invariant ${broken}` : `"${broken}"`;
}
