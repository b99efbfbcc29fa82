import type { StoredJob } from "../../../../domain/job.ts";
import type { BrokenHistory } from "./broken-history.ts";
import {
  ADDED,
  ASKED_FOR_DELAY,
  accepted,
  CLAIMED,
  committed,
  DELAYED,
  HANDLER_ERROR,
  lifeUntil,
  lifeWith,
  made,
  RETRY_LATER,
  soFar,
  step,
  timeAt,
} from "./sample-life.ts";

const running = lifeUntil("read");
const { nextAttemptAt: _, ...undue } = RETRY_LATER;
/** What the table does not allow. */
const claimedAt = (job: StoredJob, seconds: number): StoredJob => ({
  ...step({ ...job, runAt: timeAt(0), nextAttemptAt: timeAt(0) }, "claim", seconds),
  ...(job.runAt === undefined ? {} : { runAt: job.runAt }),
});

export const BROKEN_TIMES: readonly BrokenHistory[] = [
  {
    breaks: 29,
    when: "a job starts before its delay is over",
    history: soFar(
      lifeWith({
        created: [committed("api", DELAYED)],
        accepted: [],
        claimed: [committed("worker-1", claimedAt(DELAYED, 59))],
      }),
    ),
  },
  {
    breaks: 29,
    when: "a delay that was accepted is none of the job",
    history: soFar(lifeWith({ accepted: [accepted(ADDED, undefined, "payload", 60)] })),
  },
  {
    breaks: 29,
    when: "a delay that was accepted is shorter in the job",
    history: soFar(lifeWith({ created: [committed("api", DELAYED)], accepted: [accepted(DELAYED, undefined, "payload", 61)] })),
  },
  {
    breaks: 29,
    when: "an attempt starts before its wait for a retry is over",
    history: soFar([...running, ...made("worker-1", RETRY_LATER), committed("worker-1", claimedAt(RETRY_LATER, 31))]),
  },
  {
    breaks: 29,
    when: "a retry does not say when it is due",
    history: soFar([...running, committed("worker-1", undue)]),
  },
  {
    breaks: 29,
    when: "a retry is due before the time that its handler asked for",
    history: soFar([
      ...running,
      ASKED_FOR_DELAY,
      committed("worker-1", step(CLAIMED, "retry", 2, { error: HANDLER_ERROR, nextAttemptAt: timeAt(31) })),
    ]),
  },
  {
    breaks: 29,
    when: "a hand-back waits",
    history: soFar([...running, committed("worker-1", { ...step(CLAIMED, "release", 2), nextAttemptAt: timeAt(2) })]),
  },
];
