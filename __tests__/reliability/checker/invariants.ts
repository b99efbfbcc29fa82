/** What must always hold, by number. `docs/reliability.md` shows which tests hold each. */
export const INVARIANTS = {
  1: "Durable acceptance: a 202 means that a strongly consistent read finds the job",
  2: "No phantom acceptance: no 202 for an unknown type, an invalid or oversize input, or a type without a queue",
  3: "Idempotent add: same caller, key and payload give one job; another payload gives 409 and has no effect",
  4: "No invented jobs: a message whose ID has no item runs nothing, and is deleted once it can be in no race with its creation",
  5: "Legal transitions only",
  6: "Terminal immutability: status, result, error and finish time of a job that has ended never change",
  7: "Version: each change of status or cancel request raises it by exactly 1, a retried write once",
  8: "Attempt: each claim raises it by exactly 1, it never decreases, and it stays within maxAttempts and bounded interruptions",
  9: "Fencing: a worker's write commits only if its attempt is the stored one and the job is RUNNING",
  10: "Single result: at most one attempt's result is recorded, and it can be read until it expires",
  11: "Cancel finality: nothing is claimed after CANCELLED, and nothing succeeds after a cancel request",
  12: "Acknowledge last: a message is deleted only if its job has ended and that was published, or the job does not exist",
  13: "Work is reachable: every job that has not ended has a message, or a schedule that will send one",
  14: "Termination: every accepted job comes to an end",
  15: "Crash safety: all of this holds when any one process is killed at any instruction",
  16: "Events are complete: every version that was acknowledged or committed by a worker is published at least once",
  17: "Events are true: an event equals the state committed at its version, and never comes before the commit",
  18: "Events converge: a subscriber that keeps the highest (createdAt, version) per ID ends with the stored state",
  19: "Reads are true: after a 202 no 404 before expiry, and never a smaller version than before",
  20: "Dead letters close: the job of a dead letter becomes FAILED; redriving a job that has ended does nothing",
  21: "Scale-in spares work: the desired count becomes zero only when no message is left; a busy task is protected",
  22: "Shutdown: after SIGTERM no new claim commits, and the process exits in time with its messages finished or released",
  23: "Bounded calls: every remote call settles within its deadline; jobs in progress never exceed the concurrency",
  24: "Heartbeats survive the job: a handler that blocks, leaks or spins stops neither renewals, cancels nor timeouts",
  25: "Isolation: a worker of one type reads no other type's queue, and is handed no other type's jobs",
  27: "Neighbours: what a job does, leaves behind or floods changes neither outcome nor attempts of another job",
  28: "Values: what a caller sent is what the handler gets, and what it returned what the caller reads; else it is refused",
  29: "Never early: no attempt starts before its job's delay or its wait for a retry is over, whatever is delivered twice",
  32: "Schedules: each time of one makes exactly one job; a job for later runs when it is due, however far ahead that was",
  33: "Retry: a retry of a job that has ended makes one new job, however often it is asked for; the old one does not change",
  34: "Files: a job reads the bytes that were there when it was accepted, and no other caller's or type's",
  35: "Checkpoints: an attempt resumes from the last one that was told to be stored, or a later one, and from none of a lost lease",
} as const;

export type Invariant = keyof typeof INVARIANTS;

export const INVARIANT_NUMBERS = Object.keys(INVARIANTS).map(Number) as Invariant[];
