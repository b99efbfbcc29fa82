import { isTerminal, JOB_STATUSES, type JobStatus } from "@autoscaling-job-queues/domain/job";
import type { JobEvent } from "./event-subscriber.ts";

/** How many jobs are in each state. */
export type StatusCounts = Readonly<Record<JobStatus, number>>;

/** What a subscriber of the events knows: the highest version of each job, whatever the order in which they come. */
export class JobBoard {
  readonly #jobs = new Map<string, JobEvent>();
  readonly #versions = new Map<string, Map<number, JobStatus>>();
  readonly #waiting = new Set<() => void>();
  #received = 0;

  apply(event: JobEvent): void {
    this.#received += 1;
    const versions = this.#versions.get(event.id) ?? new Map<number, JobStatus>();
    this.#versions.set(event.id, versions.set(event.version, event.status));
    if (event.version > (this.#jobs.get(event.id)?.version ?? 0)) this.#jobs.set(event.id, event);
    for (const check of this.#waiting) check();
  }

  /** Events, duplicates included. */
  get received(): number {
    return this.#received;
  }

  job(id: string): JobEvent | undefined {
    return this.#jobs.get(id);
  }

  /** @param type all types where undefined. */
  counts(type?: string): StatusCounts {
    const jobs = [...this.#jobs.values()].filter((job) => type === undefined || job.type === type);
    const counts = JOB_STATUSES.map((status) => [status, jobs.filter((job) => job.status === status).length]);
    return Object.fromEntries(counts) as StatusCounts;
  }

  /** Jobs in a terminal state. */
  ended(type?: string): number {
    return [...this.#jobs.values()].filter((job) => (type === undefined || job.type === type) && isTerminal(job)).length;
  }

  /** The states that a job went through, in the order of its versions. */
  states(id: string): JobStatus[] {
    return [...(this.#versions.get(id) ?? [])].sort(([a], [b]) => a - b).map(([, status]) => status);
  }

  /** Versions of a job, from 1 on, of which no event has come. @param version its last. */
  missingVersions(id: string, version: number): number[] {
    const versions = this.#versions.get(id);
    return Array.from({ length: version }, (_, index) => index + 1).filter((number) => !versions?.has(number));
  }

  /**
   * Waits for what events bring about.
   *
   * @returns whether the condition came true before the signal was aborted.
   */
  async until(condition: () => boolean, signal: AbortSignal): Promise<boolean> {
    if (condition() || signal.aborted) return condition();
    await new Promise<void>((resolve) => {
      const settle = (): void => {
        this.#waiting.delete(check);
        resolve();
      };
      const check = (): void => {
        if (condition()) settle();
      };
      this.#waiting.add(check);
      signal.addEventListener("abort", settle, { once: true });
    });
    return condition();
  }
}
