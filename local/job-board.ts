import { isTerminal, JOB_STATUSES, type JobStatus } from "@autoscaling-job-queues/domain/job";
import { isNewerState } from "@autoscaling-job-queues/domain/newer-state";
import type { JobEvent } from "./event-subscriber.ts";

/** How many jobs are in each state. */
export type StatusCounts = Readonly<Record<JobStatus, number>>;

/** One life of a job ID: a key that is used again after its job expired begins another. */
interface Life {
  newest: JobEvent;
  /** Of each version that came. */
  readonly states: Map<number, JobStatus>;
}

/** What a subscriber to the events knows: the newest state of each job, whatever the order in which they come. */
export class JobBoard {
  readonly #lives = new Map<string, Life>();
  readonly #waiting = new Set<() => void>();
  #received = 0;

  apply(event: JobEvent): void {
    this.#received += 1;
    const known = this.#lives.get(event.id);
    if (known === undefined || event.createdAt > known.newest.createdAt) {
      this.#lives.set(event.id, { newest: event, states: new Map([[event.version, event.status]]) });
    } else if (event.createdAt === known.newest.createdAt) {
      known.states.set(event.version, event.status);
      if (isNewerState(event, known.newest)) known.newest = event;
    }
    for (const check of this.#waiting) check();
  }

  /** Events, duplicates included. */
  get received(): number {
    return this.#received;
  }

  job(id: string): JobEvent | undefined {
    return this.#lives.get(id)?.newest;
  }

  /** @param type all types where undefined. */
  counts(type?: string): StatusCounts {
    const jobs = this.#ofType(type);
    const counts = JOB_STATUSES.map((status) => [status, jobs.filter((job) => job.status === status).length]);
    return Object.fromEntries(counts) as StatusCounts;
  }

  /** Jobs in a terminal state. */
  ended(type?: string): number {
    return this.#ofType(type).filter(isTerminal).length;
  }

  /** The states that a job went through, in the order of its versions. */
  states(id: string): JobStatus[] {
    return [...(this.#lives.get(id)?.states ?? [])].sort(([a], [b]) => a - b).map(([, status]) => status);
  }

  /** Versions of a job, from 1 on, of which no event has come. @param version its last. */
  missingVersions(id: string, version: number): number[] {
    const states = this.#lives.get(id)?.states;
    return Array.from({ length: version }, (_, index) => index + 1).filter((number) => !states?.has(number));
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

  #ofType(type: string | undefined): JobEvent[] {
    const jobs = [...this.#lives.values()].map(({ newest }) => newest);
    return jobs.filter((job) => type === undefined || job.type === type);
  }
}
