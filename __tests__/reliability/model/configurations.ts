import { MAX_INTERRUPTIONS } from "../../../domain/limits.ts";
import type { Budget } from "./budgets.ts";
import type { ProcessKind } from "./design.ts";

/** The processes of an exploration and its bounds. */
export interface Configuration {
  readonly name: string;
  /** The first two are workers. */
  readonly processes: readonly ProcessKind[];
  readonly maxAttempts: number;
  /** Hand-backs until `MAX_INTERRUPTIONS`: the job is supposed to have the others behind it. */
  readonly interruptionsLeft: number;
  /** Whether the job is added with an idempotency key, so that further requests replay it. */
  readonly keyed: boolean;
  /** Whether the job is too old to be run. */
  readonly expired: boolean;
  /** Whether it is added with a delay. */
  readonly delayed: boolean;
  readonly budgets: Readonly<Record<Budget, number>>;
}

const NOTHING: Readonly<Record<Budget, number>> = {
  adds: 1,
  cancels: 0,
  shutdowns: 0,
  crashes: 0,
  duplicates: 0,
  lostAnswers: 0,
  leaseExpiries: 0,
  deadLetters: 0,
};

type Changes = Partial<Omit<Configuration, "budgets" | "name">> & { readonly budgets: Partial<Record<Budget, number>> };

export function configuration(name: string, { budgets, ...changes }: Changes): Configuration {
  return {
    name,
    processes: ["worker", "worker", "add job", "cancel job", "dead letter"],
    maxAttempts: 2,
    interruptionsLeft: MAX_INTERRUPTIONS,
    keyed: false,
    expired: false,
    delayed: false,
    ...changes,
    budgets: { ...NOTHING, ...budgets },
  };
}

const TWO_ADDS = { keyed: true, processes: ["worker", "worker", "add job", "add job", "cancel job"] } as const;
const TWO_CANCELS = { processes: ["worker", "worker", "add job", "cancel job", "cancel job"] } as const;

/** For every test run: each kind of trouble, few at a time. */
export const SMALL: readonly Configuration[] = [
  configuration("a crash and a cancel", { budgets: { crashes: 1, cancels: 1 } }),
  configuration("a lost answer, a duplicate and an early end of a lease", {
    budgets: { lostAnswers: 1, duplicates: 1, leaseExpiries: 1 },
  }),
  configuration("shutdowns up to their bound", { interruptionsLeft: 1, budgets: { shutdowns: 2, crashes: 1 } }),
  configuration("a dead letter and a crash", { budgets: { deadLetters: 1, crashes: 1, duplicates: 1 } }),
  configuration("a repeated add and a crash", { ...TWO_ADDS, budgets: { adds: 2, crashes: 1 } }),
  configuration("a job that is too old", { expired: true, budgets: { crashes: 1, cancels: 1, duplicates: 1 } }),
  configuration("a message ahead of its job", { ...TWO_ADDS, budgets: { adds: 2, crashes: 1, duplicates: 1 } }),
  configuration("a delay, a cancel and a crash", { delayed: true, budgets: { cancels: 1, crashes: 1, duplicates: 1 } }),
];

/** For the full run: all that matters together, as much as two to three minutes allow. */
export const LARGE: readonly Configuration[] = [
  configuration("crashes, duplicates, a cancel and an early end of a lease", {
    budgets: { crashes: 2, duplicates: 2, cancels: 1, leaseExpiries: 1 },
  }),
  configuration("one of each fault at a worker", {
    budgets: { crashes: 1, duplicates: 1, cancels: 1, leaseExpiries: 1, lostAnswers: 1 },
  }),
  configuration("dead letters", { budgets: { crashes: 1, duplicates: 1, cancels: 1, leaseExpiries: 1, deadLetters: 1 } }),
  configuration("dead letters and redrives", { budgets: { crashes: 2, cancels: 1, deadLetters: 2 } }),
  configuration("shutdowns up to their bound", {
    interruptionsLeft: 1,
    budgets: { shutdowns: 2, crashes: 1, duplicates: 1, cancels: 1 },
  }),
  configuration("crashes, cancels, a shutdown and an early end of a lease", {
    budgets: { crashes: 2, cancels: 2, shutdowns: 1, leaseExpiries: 1 },
  }),
  configuration("two adds with one key at once", {
    ...TWO_ADDS,
    budgets: { adds: 2, crashes: 2, lostAnswers: 1, duplicates: 1 },
  }),
  configuration("two adds with one key and a cancel", { ...TWO_ADDS, budgets: { adds: 2, crashes: 1, cancels: 1 } }),
  configuration("two cancels at once", { ...TWO_CANCELS, budgets: { cancels: 2, crashes: 1, lostAnswers: 1 } }),
  configuration("three attempts", { maxAttempts: 3, budgets: { crashes: 3, cancels: 1, leaseExpiries: 1 } }),
  configuration("a job that is too old", {
    expired: true,
    budgets: { crashes: 2, duplicates: 1, cancels: 1, deadLetters: 1, lostAnswers: 1 },
  }),
  configuration("a delay", {
    delayed: true,
    budgets: { crashes: 1, duplicates: 1, shutdowns: 1, deadLetters: 1 },
  }),
  configuration("two adds with one key and a delay", {
    ...TWO_ADDS,
    delayed: true,
    budgets: { adds: 2, crashes: 1, lostAnswers: 1, duplicates: 1 },
  }),
  configuration("a message ahead of its job, and duplicates", {
    budgets: { crashes: 1, duplicates: 2, lostAnswers: 1 },
  }),
  configuration("a message ahead of its job, and a shutdown", {
    budgets: { crashes: 1, duplicates: 1, shutdowns: 1, cancels: 1 },
  }),
];
