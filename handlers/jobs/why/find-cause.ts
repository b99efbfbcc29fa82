import type { Cause } from "./causes.ts";
import type { Evidence } from "./evidence.ts";
import { cancelRequested, ended, running, waitsForDelay, waitsForRetry } from "./rules/of-the-job.ts";
import { workerLosing, workerLost } from "./rules/of-the-lease.ts";
import { tasksDoNotStart, workersStarting } from "./rules/of-the-tasks.ts";
import { deadLettered, messageGone, noService, noTaskWanted, scheduleDue, typePaused, typeUnknown } from "./rules/of-the-type.ts";
import { aboutToBeTaken, allWorkersBusy, workersCannotClaim, workersStalled } from "./rules/of-the-workers.ts";
import { known, type Rule, waitedMs } from "./rules/rule.ts";

/**
 * The rules, in the order in which they are asked: the first that finds its cause names it. What keeps every job of the type comes before
 * what keeps this one for a while, and what must be mended before what passes.
 */
const RULES: readonly Rule[] = [
  ended,
  workerLosing,
  cancelRequested,
  running,
  waitsForRetry,
  waitsForDelay,
  typePaused,
  typeUnknown,
  scheduleDue,
  deadLettered,
  messageGone,
  noService,
  noTaskWanted,
  tasksDoNotStart,
  workersCannotClaim,
  workerLost,
];

/** Those of what passes by itself: true only where nothing else is the matter, and so asked only where everything was read. */
const PASSING: readonly Rule[] = [workersStarting, workersStalled, allWorkersBusy, aboutToBeTaken];

/** Why a job is where it is. Where no rule finds a cause, what would show it could not be read: `Unknown`, rather than a false one. */
export function findCause(evidence: Evidence): Cause {
  const { job, unread, queue, service } = evidence;
  for (const rule of unread.length === 0 ? [...RULES, ...PASSING] : RULES) {
    const cause = rule(evidence);
    if (cause !== undefined) return cause;
  }
  return {
    code: "Unknown",
    summary: `It waits for a worker, and what would say why could not be read: ${unread.join(", ")}.`,
    nextStep: "Ask again in a moment; if it stays so, the log of the Lambda why says what it was refused.",
    facts: known({
      status: job.status,
      waitedSeconds: Math.round(waitedMs(evidence) / 1_000),
      ...queue,
      ...(service ? { desiredTasks: service.desired, runningTasks: service.running, pendingTasks: service.pending } : {}),
    }),
  };
}
