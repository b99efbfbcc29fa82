import type { StoredJob } from "../../../domain/job.ts";

/** An attempt that a process runs. */
export interface OpenAttempt {
  readonly by: string;
  readonly jobId: string;
  readonly attempt: number;
}

/** Which handlers run in which process, and which attempts are still open after their handler's end. */
export class RunningHandlers {
  /** By job. */
  readonly #open = new Map<string, OpenAttempt[]>();
  readonly #newest = new Map<string, StoredJob>();
  readonly #running = new Map<string, Set<string>>();

  /** What a process tells of its handlers may come later than what it told the table. */
  started(by: string, jobId: string, attempt: number): void {
    const newest = this.#newest.get(jobId);
    if (newest !== undefined && !isOpenIn(newest, attempt)) return;
    this.#open.set(jobId, [...(this.#open.get(jobId) ?? []), { by, jobId, attempt }]);
    const running = this.#running.get(by) ?? new Set();
    this.#running.set(by, running.add(key(jobId, attempt)));
  }

  ended(by: string, jobId: string, attempt: number): void {
    this.#running.get(by)?.delete(key(jobId, attempt));
  }

  /**
   * A commit closes the attempts before it, even of handlers that run on because nothing can stop them: their place in their
   * worker is free again.
   */
  committed(job: StoredJob): void {
    const { id } = job;
    const newest = this.#newest.get(id);
    if (newest?.createdAt === job.createdAt && newest.version > job.version) return;
    this.#newest.set(id, job);
    const attempts = this.#open.get(id);
    if (attempts === undefined) return;
    const left = attempts.filter(({ attempt }) => isOpenIn(job, attempt));
    for (const { by, attempt } of attempts) if (!isOpenIn(job, attempt)) this.ended(by, id, attempt);
    if (left.length === 0) this.#open.delete(id);
    else this.#open.set(id, left);
  }

  gone(by: string): void {
    this.#running.delete(by);
  }

  /** How many handlers a process runs. */
  running(by: string): number {
    return this.#running.get(by)?.size ?? 0;
  }

  /** The attempts of a process that no commit has closed. */
  open(by: string): OpenAttempt[] {
    return [...this.#open.values()].flat().filter((open) => open.by === by);
  }
}

function isOpenIn({ status, attempt }: StoredJob, open: number): boolean {
  return status === "RUNNING" && attempt <= open;
}

function key(jobId: string, attempt: number): string {
  return `${jobId}/${attempt}`;
}
