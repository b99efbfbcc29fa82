import { visible } from "../../../output/visible.ts";
import type { Why } from "../data/types.ts";
import { clockTime, number, words } from "../format.ts";
import { Facts } from "./facts.tsx";
import { WorkerWords } from "./worker-words.tsx";

/** How much a cause should trouble who reads it. */
const TONES: Readonly<Record<string, string>> = {
  TypePaused: "warn",
  WorkersStarting: "info",
  TasksDoNotStart: "bad",
  AllWorkersBusy: "warn",
  WorkersCannotClaim: "bad",
  NoWorkerAskedFor: "bad",
  MessageDeadLettered: "bad",
  WorkerLost: "bad",
  CancelRequested: "warn",
};

/** Causes of which the workers themselves say more. */
const TOLD_BY_WORKERS: ReadonlySet<string> = new Set(["TasksDoNotStart", "WorkersCannotClaim"]);

export interface WhyPanelProps {
  readonly why: Why;
  readonly type: string;
  readonly now: number;
  /** Whether logs can be read from here. */
  readonly hasLogs: boolean;
}

/** Why a job is where it is, and what to do next. */
export function WhyPanel({ why: { code, summary, nextStep, facts, unread = [] }, type, now, hasLogs }: WhyPanelProps) {
  const rows = Object.entries(facts).map(([name, value]) => [words(name), factText(value, now)] as const);
  return (
    <section class={`why why-${TONES[code] ?? "info"}`} aria-label="Why">
      <h2>
        Why <code>{code}</code>
      </h2>
      <p class="why-summary">{visible(summary)}</p>
      {nextStep === "" ? null : <p class="why-next">{visible(nextStep)}</p>}
      {code === "TypePaused" ? (
        <a class="button why-action" href={`/types/${type}`}>
          Go to {type} to resume it
        </a>
      ) : null}
      {rows.length === 0 ? null : <Facts rows={rows} />}
      {unread.length === 0 ? null : <p class="muted">Could not be read, so this is told without: {unread.join("; ")}.</p>}
      {hasLogs && TOLD_BY_WORKERS.has(code) ? <WorkerWords type={type} /> : null}
    </section>
  );
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

function factText(value: string | number | boolean, now: number): string {
  if (typeof value === "number") return number(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  return TIME.test(value) && !Number.isNaN(Date.parse(value)) ? clockTime(value, now) : visible(value);
}
