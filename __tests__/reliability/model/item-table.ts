import { dueAt, type StoredJob } from "../../../domain/job.ts";
import { jobIdForKey } from "../../../domain/job-id.ts";
import { newJob } from "../../../domain/new-job.ts";
import type { applyTransition } from "../../../domain/transition-apply.ts";
import { TRANSITION_NAMES, type TransitionName, type TransitionValues } from "../../../domain/transitions.ts";

/** The model's only moment, in epoch milliseconds: what time decides, the model leaves open. */
export const NOW = Date.parse("2026-11-02T09:00:00.000Z");
/** How long a lease is, where it has a length. */
export const LEASE_MS = 30_000;
/** How long a job waits, where it does. */
export const WAIT_SECONDS = 40;
export const TYPE = "canary";
export const OWNER = "local";
export const JOB_ID = jobIdForKey(TYPE, OWNER, "model");

/** The writer of an item whose writer got its answer: nobody needs to recognise that write any more. */
export const SETTLED = -1;

/** The table's item, as one of the few that can be: equal items are one object. */
export interface Item {
  readonly id: number;
  readonly job: StoredJob | undefined;
  /** The process that waits for the answer of the write that made this version. */
  readonly writer: number;
}

/** A job that exists. */
export type Present = Item & { readonly job: StoredJob };

export interface ItemTableSettings {
  readonly apply: typeof applyTransition;
  readonly maxAttempts: number;
  /** Hand-backs, and as many attempts, that the job has behind it when it is added: it begins near `MAX_INTERRUPTIONS`. */
  readonly interruptions: number;
  /** Milliseconds since the job was added. */
  readonly age: number;
  /** Whether the job was added with a delay that is not over. */
  readonly delayed: boolean;
}

/**
 * Every item that the exploration met, and what the transition table makes of it. Times are one constant and errors one
 * word; a lease is alive or past, and so is a wait. So items are few, and each transition is worked out once.
 */
export class ItemTable {
  readonly #settings: ItemTableSettings;
  readonly #items: Item[] = [];
  readonly #byKey = new Map<string, Present>();
  readonly #transitions = new Map<number, Present | undefined>();
  readonly #snapshots = new Map<number, Present>();
  readonly absent: Item;

  constructor(settings: ItemTableSettings) {
    this.#settings = settings;
    this.absent = { id: 0, job: undefined, writer: SETTLED };
    this.#items.push(this.absent);
  }

  at(id: number): Item {
    return this.#items[id]!;
  }

  /** What the add-job Lambda puts. */
  created(writer: number): Present {
    const { maxAttempts, interruptions, age, delayed } = this.#settings;
    const job = newJob({
      id: JOB_ID,
      type: TYPE,
      maxAttempts,
      input: "{}",
      owner: OWNER,
      requestHash: "a".repeat(64),
      writeId: writeId(writer),
      delaySeconds: delayed ? WAIT_SECONDS : 0,
      now: NOW - age,
    });
    return this.#intern({ ...job, attempt: interruptions, interruptions }, writer);
  }

  /** The table's answer to a transition by `writer`, who holds `attempt`; undefined where it does not allow it. */
  transition(item: Present, version: number, name: TransitionName, attempt: number, writer: number): Present | undefined {
    const row = TRANSITION_NAMES.indexOf(name);
    const key = (((item.id * 16 + row) * 32 + version) * 64 + attempt) * 16 + writer + 1;
    if (this.#transitions.has(key)) return this.#transitions.get(key);
    const values: TransitionValues = {
      now: NOW,
      writeId: writeId(writer),
      attempt,
      leaseOwner: "worker",
      leaseExpiresAt: NOW + LEASE_MS,
      result: JSON.stringify({ attempt }),
      error: { code: "Failed", message: "" },
      nextAttemptAt: waitUntil("alive"),
    };
    const next = this.#settings.apply(item.job, version, name, values);
    const interned = next === undefined ? undefined : this.#intern(next, writer);
    this.#transitions.set(key, interned);
    return interned;
  }

  withLease(item: Present, lease: "alive" | "past"): Present {
    return this.#intern({ ...item.job, leaseExpiresAt: lease === "alive" ? NOW + LEASE_MS : NOW - 1 }, item.writer);
  }

  /** The item while its job waits for its delay or its retry, or when that is over. */
  withWait(item: Present, wait: "alive" | "past"): Present {
    const waits = WAITS.filter((attribute) => item.job[attribute] !== undefined);
    const times = Object.fromEntries(waits.map((attribute) => [attribute, waitUntil(wait)]));
    return this.#intern({ ...item.job, ...times }, item.writer);
  }

  /** The item when the writer of its version needs it no more, or is another slot. */
  writtenBy<Of extends Item>(item: Of, writer: number): Of {
    return item.job === undefined || item.writer === writer ? item : (this.#intern(item.job, writer) as Item as Of);
  }

  /** What a process remembers of an item: its version, without what time makes of it and its writer, which it does not go by. */
  snapshot(item: Present): Present {
    const known = this.#snapshots.get(item.id);
    if (known !== undefined) return known;
    const leased = item.job.leaseExpiresAt === undefined ? item : this.withLease(item, "alive");
    const snapshot = this.writtenBy(this.withWait(leased, "alive"), SETTLED);
    this.#snapshots.set(item.id, snapshot);
    return snapshot;
  }

  #intern(job: StoredJob, writer: number): Present {
    const { status, version, attempt, interruptions, cancelRequestedAt, leaseExpiresAt, result, error } = job;
    const { runAt, nextAttemptAt } = job;
    const key = [
      status,
      version,
      attempt,
      interruptions,
      cancelRequestedAt !== undefined,
      leaseExpiresAt,
      JSON.stringify(result),
      error !== undefined,
      runAt,
      nextAttemptAt,
      writer,
    ].join();
    let item = this.#byKey.get(key);
    if (item === undefined) {
      item = { id: this.#items.length, job: { ...job, lastWriteId: writeId(writer) }, writer };
      this.#items.push(item);
      this.#byKey.set(key, item);
    }
    return item;
  }
}

function writeId(writer: number): string {
  return writer === SETTLED ? "settled" : `write of ${writer}`;
}

/** Whether the item's lease has run out. */
export function isPast({ job }: Item): boolean {
  return job?.leaseExpiresAt !== undefined && job.leaseExpiresAt < NOW;
}

const WAITS = ["runAt", "nextAttemptAt"] as const;

function waitUntil(wait: "alive" | "past"): string {
  return new Date(wait === "alive" ? NOW + 1_000 * WAIT_SECONDS : NOW - 1).toISOString();
}

/** Whether the job waits for a time that has not come. */
export function isWaiting({ job }: Item): boolean {
  return job?.status === "QUEUED" && (dueAt(job) ?? NOW) > NOW;
}
