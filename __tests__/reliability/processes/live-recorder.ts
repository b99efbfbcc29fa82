import { isTerminal, type StoredJob } from "../../../domain/job.ts";
import { isNewerState } from "../../../domain/newer-state.ts";
import type { Fact } from "../history/fact.ts";
import { HistoryRecorder } from "../history/recorder.ts";

/** A recorder that also knows what has become of each job so far, and tells who waits for a fact. */
export class LiveRecorder extends HistoryRecorder {
  readonly #newest = new Map<string, StoredJob>();
  readonly #open = new Set<string>();
  /** Who holds a job, by its ID. */
  readonly #holders = new Map<string, string>();
  readonly #watchers = new Set<() => void>();

  override record(fact: Fact): void {
    super.record(fact);
    if (fact.kind === "committed") this.#learn(fact.by, fact.job);
    for (const look of this.#watchers) look();
  }

  #learn(by: string, job: StoredJob): void {
    const before = this.#newest.get(job.id);
    if (before !== undefined && isNewerState(before, job)) return;
    this.#newest.set(job.id, job);
    if (isTerminal(job)) this.#open.delete(job.id);
    else this.#open.add(job.id);
    if (job.status !== "RUNNING") this.#holders.delete(job.id);
    else if (before?.attempt !== job.attempt) this.#holders.set(job.id, by);
  }

  /** Settles when there is a fact that fits, an earlier one included. */
  async until(fits: (fact: Fact) => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    let seen = 0;
    const look = (): void => {
      for (; seen < this.facts.length; seen += 1) if (fits(this.facts[seen] as Fact)) resolve();
    };
    this.#watchers.add(look);
    look();
    await promise;
    this.#watchers.delete(look);
  }

  /** The newest version of each job. */
  get jobs(): readonly StoredJob[] {
    return [...this.#newest.values()];
  }

  /** IDs of jobs that have not ended. */
  get openJobs(): ReadonlySet<string> {
    return this.#open;
  }

  /** Processes that hold a job. */
  get holders(): ReadonlySet<string> {
    return new Set(this.#holders.values());
  }

  /** The jobs that a process holds. */
  heldBy(by: string): StoredJob[] {
    return this.jobs.filter(({ id }) => this.#holders.get(id) === by);
  }
}
