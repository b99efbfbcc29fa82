import type { History } from "../history/fact.ts";
import { checkAnswers } from "./check-answers.ts";
import { checkBatches } from "./check-batches.ts";
import { checkCheckpoints } from "./check-checkpoints.ts";
import { checkCommits } from "./check-commits.ts";
import { checkEvents } from "./check-events.ts";
import { checkFinalState } from "./check-final-state.ts";
import { checkMessages } from "./check-messages.ts";
import { checkPauses } from "./check-pauses.ts";
import { checkRetries } from "./check-retries.ts";
import { checkSchedules } from "./check-schedules.ts";
import { checkWorkers } from "./check-workers.ts";
import { recordedRun } from "./gather-facts.ts";
import { Tally } from "./tally.ts";
import type { Verdict } from "./verdict.ts";

/**
 * Checks a recorded run against every invariant that histories can show: all but 24, 27, 28 and 34, which need real threads, values and files. Safety is checked
 * at each fact; liveness (14, and the ends of 13, 16, 18, 20 and 22) where the run has settled.
 *
 * What recordings may look like without anything being wrong:
 * - A commit, a publication or a delete is recorded when its answer comes, and another process may have read, published or
 *   deleted by what it did before that.
 * - A write whose answer was lost for good is an `unanswered` fact; it may stand for a version.
 * - Messages are duplicated, deleted through stale handles, and received again.
 */
export function checkHistory(history: History): Verdict {
  const run = recordedRun(history);
  const tally = new Tally();
  checkCommits(run, tally);
  checkEvents(run, tally);
  checkMessages(run, tally);
  checkSchedules(run, tally);
  checkAnswers(run, tally);
  checkRetries(run, tally);
  checkWorkers(run, tally);
  checkPauses(run, tally);
  checkCheckpoints(run, tally);
  checkBatches(run, tally);
  checkFinalState(run, tally);
  checkKills(history, tally);
  return tally.verdict;
}

/** Where a process was killed, every check is also one of crash safety (15). */
function checkKills({ facts }: History, tally: Tally): void {
  const killed = facts.flatMap((fact) => (fact.kind === "gone" && fact.how === "killed" ? [fact.by] : []));
  if (killed.length === 0) return;
  const broken = [...new Set(tally.verdict.violations.map(({ invariant }) => invariant))];
  // Together with the demand, as many as all other checks.
  tally.count(15, tally.total - 1);
  tally.demand(
    15,
    broken.length === 0,
    undefined,
    () => `after ${killed.join(", ")} had been killed, ${broken.join(", ")} broke`,
  );
}
