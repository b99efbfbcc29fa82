import type { Job } from "../../../domain/job.ts";
import type { Fact, History } from "../history/fact.ts";
import { isClaim } from "./commit-rules.ts";
import type { Commit, Publication, RecordedJob, RecordedRun, Worker } from "./recorded-run.ts";

interface GatheredLife {
  readonly createdAt: string;
  readonly commits: Omit<Commit, "before" | "isClaim">[];
  readonly published: Map<number, Publication>;
  readonly leases: Map<number, number>;
  readonly retryAfter: Map<number, number>;
}

interface GatheredJob {
  readonly lives: Map<string, GatheredLife>;
  /** The life that was committed to last. */
  current: GatheredLife | undefined;
  unanswered: number;
}

/** Gathers a history's facts by job. */
export function recordedRun(history: History): RecordedRun {
  const gathered = new Map<string, GatheredJob>();
  const workers = new Map<string, Worker>();
  const typeOfQueue = new Map<string, string>();
  for (const [position, fact] of history.facts.entries()) {
    if (fact.kind === "workerStarted") {
      workers.set(fact.by, fact);
      typeOfQueue.set(fact.queue, fact.type);
    } else {
      gather(gathered, position, fact);
    }
  }
  const jobs = new Map([...gathered].map(([id, job]) => [id, recordedJob(id, job)]));
  return { ...history, jobs, workers, typeOfQueue };
}

function gather(jobs: Map<string, GatheredJob>, position: number, fact: Fact): void {
  switch (fact.kind) {
    case "committed": {
      const job = entry(jobs, fact.job.id, newJob);
      job.current = lifeOf(job, fact.job);
      job.current.commits.push({ position, by: fact.by, job: fact.job });
      return;
    }
    case "published": {
      const { published } = lifeOf(entry(jobs, fact.event.id, newJob), fact.event);
      if (!published.has(fact.event.version)) published.set(fact.event.version, { position, by: fact.by, event: fact.event });
      return;
    }
    case "leaseExtended":
      entry(jobs, fact.jobId, newJob).current?.leases.set(fact.attempt, fact.leaseExpiresAt);
      return;
    case "handlerEnded":
      if (fact.retryAfterSeconds === undefined) return;
      entry(jobs, fact.jobId, newJob).current?.retryAfter.set(fact.attempt, fact.retryAfterSeconds);
      return;
    case "unanswered":
      entry(jobs, fact.jobId, newJob).unanswered += 1;
  }
}

function lifeOf({ lives }: GatheredJob, { createdAt }: Job): GatheredLife {
  return entry(lives, createdAt, () => ({
    createdAt,
    commits: [],
    published: new Map(),
    leases: new Map(),
    retryAfter: new Map(),
  }));
}

function newJob(): GatheredJob {
  return { lives: new Map(), current: undefined, unanswered: 0 };
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

function recordedJob(id: string, { lives, unanswered }: GatheredJob): RecordedJob {
  const recorded = [...lives.values()].map((life) => ({ ...life, commits: chained(life.commits) }));
  return { id, unanswered, lives: recorded.toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1)) };
}

function chained(recorded: GatheredLife["commits"]): Commit[] {
  const commits: Commit[] = [];
  for (const commit of recorded.toSorted((a, b) => a.job.version - b.job.version)) {
    const before = commits.at(-1);
    const isNext = before !== undefined && before.job.version === commit.job.version - 1;
    commits.push({ ...commit, before, isClaim: isNext && isClaim(before.job, commit.job) });
  }
  return commits;
}
