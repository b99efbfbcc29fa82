import { isTerminal, type StoredJob } from "../../../domain/job.ts";
import { applyTransition } from "../../../domain/transition-apply.ts";
import type { TransitionName, TransitionValues } from "../../../domain/transitions.ts";
import { attemptEnd } from "../../../worker/attempt-end.ts";
import { decideOnMessage } from "../../../worker/message-decision.ts";
import { configuration } from "./configurations.ts";
import { DESIGN } from "./design.ts";
import { NOW } from "./item-table.ts";
import type { Mutant } from "./mutant.ts";

/** Some guards back each other up: a worker that lost its lease has the wrong version, too. Those are removed together. */

type Asked = readonly [job: StoredJob, version: number, name: TransitionName, values: TransitionValues];

/** The real table, asked a different question for some transitions. */
function asking(names: readonly TransitionName[], question: (...asked: Asked) => Asked): typeof applyTransition {
  return (...asked) => applyTransition(...(names.includes(asked[2]) ? question(...asked) : asked));
}

/** The real table, whose claim overlooks what some jobs wait for. */
function claimingEarly(overlooks: (job: StoredJob) => boolean): typeof applyTransition {
  return (job, version, name, values) => {
    if (name !== "claim" || !overlooks(job)) return applyTransition(job, version, name, values);
    const next = applyTransition(withoutWait(job), version, name, values);
    return next && job.runAt !== undefined ? { ...next, runAt: job.runAt } : next;
  };
}

const withoutCancel = ({ cancelRequestedAt: _, ...job }: StoredJob): StoredJob => job;
const withoutWait = ({ runAt: _, nextAttemptAt: __, ...job }: StoredJob): StoredJob => job;
const withPastLease = (job: StoredJob): StoredJob => ({ ...job, leaseExpiresAt: NOW - 1 });

/** A row of the transition table or a decision that lost its guard. */
export const TABLE_MUTANTS: readonly Mutant[] = [
  {
    name: "a claim takes any version",
    breaks: 16,
    configuration: configuration("a crash", { budgets: { crashes: 1 } }),
    design: { ...DESIGN, apply: asking(["claim"], (job, _, name, values) => [job, job.version, name, values]) },
  },
  {
    name: "the end of an attempt needs neither its version nor its attempt",
    breaks: 9,
    configuration: configuration("a lease that ends early", { budgets: { leaseExpiries: 1, duplicates: 1 } }),
    design: {
      ...DESIGN,
      apply: asking(["succeed"], (job, _, name, values) => [job, job.version, name, { ...values, attempt: job.attempt }]),
    },
  },
  {
    name: "a result wins over a cancel request",
    breaks: 11,
    configuration: configuration("a cancel", { budgets: { cancels: 1 } }),
    design: {
      ...DESIGN,
      attemptEnd: (job, ...rest) => attemptEnd(withoutCancel(job), ...rest),
      apply: asking(["succeed"], (job, version, name, values) => [withoutCancel(job), version, name, values]),
    },
  },
  {
    name: "the worker forgets the cancel request that the table heeds",
    breaks: 14,
    configuration: configuration("a cancel", { budgets: { cancels: 1 } }),
    design: { ...DESIGN, attemptEnd: (job, ...rest) => attemptEnd(withoutCancel(job), ...rest) },
  },
  {
    name: "a claim does not count as an attempt",
    breaks: 8,
    configuration: configuration("no fault", { budgets: {} }),
    design: {
      ...DESIGN,
      apply: asking(["claim"], (job, version, name, values) => [{ ...job, attempt: job.attempt - 1 }, version, name, values]),
    },
  },
  {
    name: "hand-backs are not bounded",
    breaks: 8,
    configuration: configuration("shutdowns", { interruptionsLeft: 1, budgets: { shutdowns: 2 } }),
    design: { ...DESIGN, attemptEnd: (job, ...rest) => attemptEnd({ ...job, interruptions: 0, attempt: 1 }, ...rest) },
  },
  {
    name: "a job is taken over however many attempts it had",
    breaks: 8,
    configuration: configuration("crashes", { budgets: { crashes: 2 } }),
    design: {
      ...DESIGN,
      decideOnMessage: (job, ...rest) => decideOnMessage(job && { ...job, maxAttempts: 9 }, ...rest),
    },
  },
  {
    name: "a leased job is taken over",
    breaks: 9,
    configuration: configuration("a duplicate", { budgets: { duplicates: 1 } }),
    design: {
      ...DESIGN,
      decideOnMessage: (job, ...rest) => decideOnMessage(job && withPastLease(job), ...rest),
      apply: asking(["takeOver"], (job, version, name, values) => [withPastLease(job), version, name, values]),
    },
  },
  {
    name: "a claim does not wait for its time",
    breaks: 29,
    configuration: configuration("no fault", { budgets: {} }),
    design: {
      ...DESIGN,
      decideOnMessage: (job, ...rest) => decideOnMessage(job && withoutWait(job), ...rest),
      apply: claimingEarly(() => true),
    },
  },
  {
    name: "the first claim of a job does not wait for its delay",
    breaks: 29,
    configuration: configuration("a delay", { delayed: true, budgets: {} }),
    design: {
      ...DESIGN,
      apply: claimingEarly(({ version }) => version === 1),
    },
  },
  {
    name: "a retry does not store when it is due",
    breaks: 29,
    configuration: configuration("no fault", { budgets: {} }),
    design: {
      ...DESIGN,
      apply: asking(["retry"], (job, version, name, { nextAttemptAt: _, ...values }) => [job, version, name, values]),
    },
  },
  {
    name: "a hand-back waits as a retry does",
    breaks: 29,
    configuration: configuration("a shutdown", { budgets: { shutdowns: 1 } }),
    design: {
      ...DESIGN,
      apply: (...asked) => {
        const next = applyTransition(...asked);
        return next && asked[2] === "release" ? { ...next, nextAttemptAt: String(asked[3].nextAttemptAt) } : next;
      },
    },
  },
  {
    name: "a job that has ended is claimed again",
    breaks: 5,
    configuration: configuration("a duplicate", { budgets: { duplicates: 1 } }),
    design: {
      ...DESIGN,
      decideOnMessage: (job, ...rest) => {
        return decideOnMessage(job && isTerminal(job) ? { ...job, status: "QUEUED" } : job, ...rest);
      },
      apply: asking(["claim"], (job, ...rest) => [isTerminal(job) ? { ...job, status: "QUEUED" } : job, ...rest]),
    },
  },
  {
    name: "nobody stops a cancelled job whose worker died",
    breaks: 14,
    configuration: configuration("a cancel and a crash", { budgets: { cancels: 1, crashes: 1 } }),
    design: { ...DESIGN, decideOnMessage: (job, ...rest) => decideOnMessage(job && withoutCancel(job), ...rest) },
  },
  {
    name: "a dead letter's job is failed though its cancel was asked for",
    breaks: 14,
    configuration: configuration("a dead letter", { budgets: { cancels: 1, crashes: 1, deadLetters: 1 } }),
    design: { ...DESIGN, closing: (job) => DESIGN.closing(withoutCancel(job)) },
  },
  {
    name: "a missing job's message is deleted at its first receive",
    breaks: 4,
    configuration: configuration("no fault", { budgets: {} }),
    design: { ...DESIGN, missingDelaySeconds: () => undefined },
  },
];
