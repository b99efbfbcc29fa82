import { isTerminal } from "../../../domain/job.ts";
import { describeViolation } from "../checker/verdict.ts";
import type { ChaosPlatform } from "./chaos-platform.ts";
import type { KillRun } from "./kill-run.ts";

/** What a run must not have: each list is empty where all is well. */
export interface Outcome {
  /** IDs that were accepted, and are in no table. */
  readonly lost: readonly string[];
  /** IDs of jobs that ended more than once. */
  readonly doubled: readonly string[];
  /** Jobs that have not ended, and messages that are left. */
  readonly stuck: readonly string[];
  readonly violations: readonly string[];
}

export function outcomeOf(
  { accepted, final, verdict, isSettled }: Pick<KillRun, "accepted" | "final" | "verdict" | "isSettled">,
  { recorder }: Pick<ChaosPlatform, "recorder">,
): Outcome {
  const stored = new Set(final.jobs.map(({ id }) => id));
  const ends = new Map<string, Set<number>>();
  for (const fact of recorder.facts) {
    if (fact.kind !== "committed" || !isTerminal(fact.job)) continue;
    ends.set(fact.job.id, (ends.get(fact.job.id) ?? new Set()).add(fact.job.version));
  }
  const open = final.jobs.filter((job) => !isTerminal(job)).map(({ id, status }) => `${id} ${status}`);
  const left = final.messages.map(({ queue, jobId }) => `${queue} ${jobId}`);
  const unsettled = isSettled || open.length + left.length > 0 ? [] : ["a queue held messages to the end"];
  return {
    lost: [...accepted].filter((id) => !stored.has(id)),
    doubled: [...ends].filter(([, versions]) => versions.size > 1).map(([id]) => id),
    stuck: [...open, ...left, ...unsettled],
    violations: verdict.violations.map(describeViolation),
  };
}
