import type { CheckpointName } from "../history/fact.ts";
import type { RecordedRun } from "./recorded-run.ts";
import type { Tally } from "./tally.ts";

/** What one attempt's handler did about checkpoints. */
interface Attempt {
  readonly attempt: number;
  hasStarted: boolean;
  resumedFrom: CheckpointName | undefined;
  /** The last checkpoint that it began to store, and the last that it heard is stored; 0 for none. */
  begun: number;
  stored: number;
}

/**
 * Checks where attempts resume (35). What is stored when an attempt begins is what the one before began with, until that stores one of
 * its own: the last that it was told of, or a later one that it began. Whatever an attempt is told, and when it hears of it, was
 * written before the next one took the job over.
 */
export function checkCheckpoints({ facts, jobs }: RecordedRun, tally: Tally): void {
  const attempts = new Map<string, Map<number, Attempt>>();
  const attemptOf = (jobId: string, attempt: number): Attempt => {
    const ofJob = attempts.get(jobId) ?? new Map<number, Attempt>();
    attempts.set(jobId, ofJob);
    const known = ofJob.get(attempt) ?? { attempt, hasStarted: false, resumedFrom: undefined, begun: 0, stored: 0 };
    ofJob.set(attempt, known);
    return known;
  };
  for (const fact of facts) {
    if (fact.kind === "handlerStarted") {
      const attempt = attemptOf(fact.jobId, fact.attempt);
      attempt.hasStarted = true;
      attempt.resumedFrom = fact.resumedFrom;
    } else if (fact.kind === "checkpointBegun") {
      attemptOf(fact.jobId, fact.attempt).begun = fact.number;
    } else if (fact.kind === "checkpointStored") {
      attemptOf(fact.jobId, fact.attempt).stored = fact.number;
    }
  }
  for (const [jobId, ofJob] of attempts) {
    // Attempts of two jobs that had the same ID cannot be told from each other.
    if ((jobs.get(jobId)?.lives.length ?? 0) > 1) continue;
    const started = [...ofJob.values()].filter(({ hasStarted }) => hasStarted).sort((a, b) => a.attempt - b.attempt);
    for (const [index, attempt] of started.entries()) {
      const before = started[index - 1];
      if (attempt.resumedFrom === undefined && (before === undefined || before.begun + before.stored === 0)) {
        // Nothing to resume from, unless the one before had.
        if (before?.resumedFrom === undefined) continue;
      }
      tally.demand(35, mayResume(attempt, before), jobId, () => {
        const known = before === undefined ? "the first" : `after ${described(before)}`;
        return `attempt ${attempt.attempt} resumed from ${shown(attempt.resumedFrom)}, ${known}`;
      });
    }
  }
}

function mayResume({ resumedFrom: from }: Attempt, before: Attempt | undefined): boolean {
  if (before === undefined) return from === undefined;
  if (from?.attempt === before.attempt) return from.number >= before.stored && from.number <= before.begun;
  return before.stored === 0 && shown(from) === shown(before.resumedFrom);
}

function described({ attempt, resumedFrom, begun, stored }: Attempt): string {
  return `attempt ${attempt}, which resumed from ${shown(resumedFrom)}, began ${begun} checkpoints and heard of ${stored}`;
}

function shown(from: CheckpointName | undefined): string {
  return from === undefined ? "nothing" : `checkpoint ${from.attempt}.${from.number}`;
}
