import { checkHistory } from "../checker/check-history.ts";
import type { CheckCounts, Violation } from "../checker/verdict.ts";
import type { History } from "../history/fact.ts";
import type { Exploration } from "./explore.ts";
import { type Trace, traceTo } from "./trace.ts";

export interface HistoryCheck {
  readonly histories: number;
  readonly checks: readonly CheckCounts[];
  /** The first history with a violation, and the steps that made it. */
  readonly failure: { readonly violation: Violation; readonly steps: readonly string[] } | undefined;
}

/**
 * Replays a shortest way to each of up to `most` final states, evenly spread over those found, and has its facts checked
 * as a settled history.
 */
export function checkFinalHistories(exploration: Exploration, most: number): HistoryCheck {
  const { finals } = exploration;
  const stride = Math.max(1, finals.length / most);
  const checks: CheckCounts[] = [];
  for (let place = 0; place < finals.length; place += stride) {
    const trace = traceTo(exploration, finals[Math.floor(place)]!);
    const verdict = checkHistory(historyOf(trace));
    checks.push(verdict.checks);
    const violation = verdict.violations[0];
    if (violation !== undefined) return { histories: checks.length, checks, failure: { violation, steps: trace.steps } };
  }
  return { histories: checks.length, checks, failure: undefined };
}

function historyOf({ facts, job }: Trace): History {
  return { facts, settled: true, final: { jobs: job === undefined ? [] : [job], messages: [], hasObject: () => true } };
}
