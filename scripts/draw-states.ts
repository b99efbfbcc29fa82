import { readFile } from "node:fs/promises";
import { JOB_STATUSES, TERMINAL_STATUSES } from "@autoscaling-job-queues/domain/job";
import { type Guard, TRANSITION_NAMES, TRANSITIONS, type Transition } from "@autoscaling-job-queues/domain/transitions";
import { withSection } from "./marked-section.ts";
import { writeDocuments } from "./write-documents.ts";

/**
 * Draws the life of a job from its transition table into the architecture document.
 *
 * @example
 * ```sh
 * node scripts/draw-states.ts           # writes the drawing
 * node scripts/draw-states.ts --check   # exits 1 when the document holds another
 * ```
 */

export const STATES_DOCUMENT = "docs/architecture.md";

/** What a guard demands, for readers. Every row demands the expected version too. */
const GUARDS: Readonly<Record<`${string} ${Guard["is"]}`, string>> = {
  "attempt held": "the caller's attempt is the stored one",
  "leaseExpiresAt past": "the lease has expired",
  "runAt due": "the time that its caller asked for has come",
  "nextAttemptAt due": "the wait for a retry is over",
  "cancelRequestedAt absent": "no cancel was requested",
  "cancelRequestedAt present": "a cancel was requested",
};

/** The state diagram, in Mermaid, and the table of its transitions, in Markdown. */
export function drawStates(): string {
  const rows = TRANSITION_NAMES.map((name) => ({ name, ...(TRANSITIONS[name] as Transition) }));
  const arrows = Map.groupBy(rows, ({ from, to }) => `${from} --> ${to}`);
  const diagram = [
    "stateDiagram-v2",
    `[*] --> ${JOB_STATUSES[0]}: add`,
    ...[...arrows].map(([arrow, moves]) => `${arrow}: ${moves.map(({ name }) => name).join(", ")}`),
    ...[...TERMINAL_STATUSES].map((status) => `${status} --> [*]`),
  ];
  const table = rows.map(
    ({ name, from, to, guards, when }) => `| \`${name}\` | ${from} → ${to} | ${when} | ${guards.map(demand).join("; ") || "–"} |`,
  );
  return [
    "```mermaid",
    diagram.join("\n  "),
    "```",
    "",
    "| transition | from → to | when | only if |",
    "|---|---|---|---|",
    ...table,
  ].join("\n");
}

/** @throws Error for a guard that readers have no words for. */
function demand({ attribute, is }: Guard): string {
  const words = GUARDS[`${attribute} ${is}`];
  if (words === undefined) throw new Error(`scripts/draw-states.ts has no words for the guard "${attribute} ${is}"`);
  return words;
}

/**
 * The document with this drawing between its markers.
 *
 * @throws Error when a marker is missing.
 */
export function withStates(document: string, drawing: string): string {
  return withSection(STATES_DOCUMENT, "states", document, drawing);
}

if (import.meta.main) {
  process.exitCode = await writeDocuments("node scripts/draw-states.ts", async () => ({
    [STATES_DOCUMENT]: withStates(await readFile(STATES_DOCUMENT, "utf8"), drawStates()),
  }));
}
