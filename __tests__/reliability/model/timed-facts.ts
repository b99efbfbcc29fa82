import type { StoredJob } from "../../../domain/job.ts";
import { publicEvent, publicJob } from "../../support/public-job.ts";
import type { Fact } from "../history/fact.ts";
import { LEASE_MS, NOW, WAIT_SECONDS } from "./item-table.ts";

/**
 * Gives the facts of one replayed trace their times. In the model all is one moment, and a lease or a wait just ends; here the
 * clock goes on when it does, so that a history shows it to have ended before somebody took the job.
 */
export class TimedFacts {
  #now = NOW;
  readonly #versions = new Map<number, StoredJob>();

  get latest(): StoredJob | undefined {
    return this.#versions.get(this.#versions.size);
  }

  leaseRunsOut(): void {
    this.#now += 2 * LEASE_MS;
  }

  waitEnds(): void {
    this.#now += 2_000 * WAIT_SECONDS;
  }

  timed(fact: Fact): Fact {
    if (fact.kind === "committed") return { ...fact, job: this.#commit(fact.job) };
    if (fact.kind === "leaseExtended") return { ...fact, leaseExpiresAt: this.#now + LEASE_MS };
    const version = fact.kind === "published" ? fact.event.version : fact.kind === "answered" ? fact.job?.version : undefined;
    const job = version === undefined ? undefined : this.#versions.get(version);
    if (job === undefined) return fact;
    if (fact.kind === "published") return { ...fact, event: publicEvent(job) };
    return fact.kind === "answered" ? { ...fact, job: publicJob(job) } : fact;
  }

  /** What this version wrote is of now, the rest is as it was. */
  #commit(job: StoredJob): StoredJob {
    const before = this.#versions.get(job.version - 1);
    const time = new Date(this.#now).toISOString();
    const timed = {
      ...job,
      updatedAt: before === undefined ? job.updatedAt : time,
      ...(job.startedAt === undefined ? {} : { startedAt: before?.startedAt ?? time }),
      ...(job.cancelRequestedAt === undefined ? {} : { cancelRequestedAt: before?.cancelRequestedAt ?? time }),
      ...(job.finishedAt === undefined ? {} : { finishedAt: time }),
      ...(before?.runAt === undefined ? {} : { runAt: before.runAt }),
      ...(job.nextAttemptAt === undefined ? {} : { nextAttemptAt: this.#waitOf(before) }),
      ...(job.leaseExpiresAt === undefined ? {} : { leaseExpiresAt: this.#leaseOf(job, before) }),
    };
    this.#versions.set(job.version, timed);
    return timed;
  }

  /** Only the version of a retry has one. */
  #waitOf(before: StoredJob | undefined): string {
    return before?.nextAttemptAt ?? new Date(this.#now + 1_000 * WAIT_SECONDS).toISOString();
  }

  #leaseOf({ attempt }: StoredJob, before: StoredJob | undefined): number {
    return before?.attempt === attempt && before.leaseExpiresAt !== undefined ? before.leaseExpiresAt : this.#now + LEASE_MS;
  }
}
