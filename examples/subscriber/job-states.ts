import { DatabaseSync, type StatementSync } from "node:sqlite";

/** The members that this example reads. An event is the whole job, and is stored as it came. */
export interface JobEvent {
  readonly id: string;
  /** QUEUED, RUNNING, SUCCEEDED, FAILED or CANCELLED. */
  readonly status: string;
  /** ISO 8601 in UTC with milliseconds, so that the order of the texts is that of the times. */
  readonly createdAt: string;
  /** Starts at 1, and is one higher after each change of the job. */
  readonly version: number;
}

const TABLE = `
  CREATE TABLE IF NOT EXISTS jobs (
    id TEXT PRIMARY KEY,
    created_at TEXT NOT NULL,
    version INTEGER NOT NULL,
    event TEXT NOT NULL
  ) STRICT`;

/**
 * One statement decides and stores, so it stays right when several subscribers share the table. `createdAt` comes before `version`
 * because an ID can come back: a job that is added with the idempotency key of an expired one has its ID, and begins at version 1.
 */
const KEEP_NEWEST = `
  INSERT INTO jobs (id, created_at, version, event) VALUES (?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE
    SET created_at = excluded.created_at, version = excluded.version, event = excluded.event
    WHERE (excluded.created_at, excluded.version) > (jobs.created_at, jobs.version)`;

/** The newest known state of each job, in a SQLite file. The statement is the same in PostgreSQL, but for its placeholders. */
export class JobStates {
  readonly #keepNewest: StatementSync;
  readonly #find: StatementSync;

  /** @param file path of the database, which is created if need be; ":memory:" for one that ends with the process. */
  constructor(file: string) {
    const database = new DatabaseSync(file);
    database.exec(TABLE);
    this.#keepNewest = database.prepare(KEEP_NEWEST);
    this.#find = database.prepare("SELECT event FROM jobs WHERE id = ?");
  }

  /**
   * Stores an event unless the same or a newer one of its job is stored.
   *
   * @param text the event as it was published: numbers that JavaScript cannot hold stay exact.
   * @returns the event if it was stored; undefined if it brought nothing new.
   * @throws an error if the text is not an event.
   */
  keep(text: string): JobEvent | undefined {
    const event = parseEvent(text);
    const { changes } = this.#keepNewest.run(event.id, event.createdAt, event.version, text);
    return changes === 1 ? event : undefined;
  }

  /** @returns the newest event of a job, as it was published. */
  find(id: string): string | undefined {
    return this.#find.get(id)?.event as string | undefined;
  }
}

function parseEvent(text: string): JobEvent {
  const event = JSON.parse(text) as Partial<JobEvent> | null;
  const { id, status, createdAt, version } = event ?? {};
  if (typeof id !== "string" || typeof status !== "string" || typeof createdAt !== "string" || typeof version !== "number")
    throw new Error("the message is not a job event; is raw message delivery on?");
  return { id, status, createdAt, version };
}
