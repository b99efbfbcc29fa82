import { readFileSync } from "node:fs";
import { INVARIANT_NUMBERS, type Invariant } from "../checker/invariants.ts";

/** What is promised beside the numbered invariants: by the API (the checks of `../api`), and by workers of commands. */
export const PROMISES = [
  "an answer is as described",
  "nothing of another owner's jobs shows",
  "every answer is less than 500",
  "what is stored of a command are its own files",
] as const;

export type Breakable = Invariant | (typeof PROMISES)[number];

/** A piece of the product's syntax, and what it is replaced by. How it is laid out does not matter. */
export interface Edit {
  /** From the checkout's root. */
  readonly file: string;
  /** The declaration that it is in, by name: `claim`, `Attempt.#commit`, `TRANSITIONS.takeOver`. */
  readonly within: string;
  /** A whole node of the syntax tree (a statement, an expression, an element), of which there is exactly one. */
  readonly node: string;
  /** Empty where it is to go. */
  readonly replace: string;
}

/** The product with one guard removed. Where a guard stands in two places that cover for each other, both are removed. */
export interface Mutant {
  /** What it does, so that it reads on after "is broken by". */
  readonly name: string;
  readonly edits: readonly Edit[];
  /** What breaks: the first, for which the guard is there, and nothing but what follows from that. */
  readonly breaks: readonly [Breakable, ...Breakable[]];
  /** The probe that tells. */
  readonly killer: string;
}

/** "invariant 9" or the promise itself. */
export function breakableName(broken: Breakable): string {
  return typeof broken === "number" ? `invariant ${broken}` : `"${broken}"`;
}

/**
 * Reads mutants as they are written in the `.mutants` files. A blank line ends each; `//` begins a line of comment.
 *
 * @example
 * ```
 * # a claim that goes on after SIGTERM
 * breaks 22; told by schedules of retry-then-success
 * @ worker/claim.ts claim
 * - if (stopping()) return { kind: "stopping" };
 * ```
 */
export function parseMutants(text: string): Mutant[] {
  const paragraphs = text
    .replaceAll(/^\/\/.*\n/gm, "")
    .trim()
    .split(/\n\n+/);
  return paragraphs.map((paragraph) => {
    const [title = "", told = "", ...lines] = paragraph.split("\n");
    const { breaks = "", killer = "" } = /^breaks (?<breaks>.+); told by (?<killer>.+)$/.exec(told)?.groups ?? {};
    const edits: Edit[] = [];
    let place: Pick<Edit, "file" | "within"> | undefined;
    for (const line of lines) {
      const rest = line.slice(2);
      const [file = "", within = ""] = rest.split(" ");
      if (line.startsWith("@ ")) place = { file, within };
      else if (line.startsWith("- ") && place !== undefined) edits.push({ ...place, node: rest, replace: "" });
      else if (line.startsWith("+ ") && edits.length > 0) edits.push({ ...(edits.pop() as Edit), replace: rest });
      else throw new Error(`in "${title}" nothing begins like "${line}"`);
    }
    const [first, ...others] = breaks.split(", ").map((broken) => breakable(broken, title));
    if (!title.startsWith("# ") || first === undefined || edits.length === 0) throw new Error(`no mutant: ${paragraph}`);
    return { name: title.slice(2), edits, breaks: [first, ...others], killer };
  });
}

function breakable(text: string, title: string): Breakable {
  const known: readonly Breakable[] = [...INVARIANT_NUMBERS, ...PROMISES];
  const found = known.find((broken) => String(broken) === text);
  if (found === undefined) throw new Error(`"${title}" breaks what nobody promises: ${text}`);
  return found;
}

const FILES = ["table", "worker", "attempt", "batches", "commands", "threads", "lambdas", "shared", "pauses", "values"] as const;

/** All mutants, by the part of the product that they change. */
export const MUTANTS: readonly Mutant[] = FILES.flatMap((file) =>
  parseMutants(readFileSync(new URL(`./${file}.mutants`, import.meta.url), "utf8")),
);
