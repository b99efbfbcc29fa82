import type { Job } from "../../../domain/job.ts";
import { isNewerState } from "../../../domain/newer-state.ts";
import type { Fact } from "../history/fact.ts";
import { commitOf, type RecordedRun } from "./recorded-run.ts";
import type { Tally } from "./tally.ts";

export type Answered = Extract<Fact, { readonly kind: "answered" }>;

/** What an answer shows of a version that a read may not change; progress has none. */
const SHOWN = ["type", "status", "attempt", "createdAt", "updatedAt", "startedAt", "finishedAt", "cancelRequestedAt"] as const;

/** Clocks may be wrong by this much when it is asked whether a job had expired, in seconds. */
const CLOCK_SKEW_SECONDS = 900;

interface Seen {
  readonly position: number;
  readonly client: string;
  readonly job: Job;
}

/**
 * What callers saw of each job. An answer is compared with those that had come before its request was made: of two requests
 * that are under way together, the earlier may be answered last.
 */
export class Reads {
  /** The latest time that any commit has told, in epoch milliseconds. */
  time = 0;
  readonly #run: RecordedRun;
  readonly #tally: Tally;
  readonly #seen = new Map<string, Seen[]>();

  constructor(run: RecordedRun, tally: Tally) {
    this.#run = run;
    this.#tally = tally;
  }

  check(answer: Answered, position: number): void {
    const { client, request, status, job } = answer;
    if (request.operation !== "add" && status === 404) this.#checkMissing(answer, request.jobId);
    if (job === undefined) return;
    for (const before of this.#before(answer, job.id)) {
      const isOlder = job.createdAt === before.job.createdAt && job.version < before.job.version;
      const message = (): string => `${before.client} saw version ${before.job.version}, then ${client} saw ${job.version}`;
      this.#tally.demand(19, !isOlder, job.id, message);
    }
    const recorded = this.#run.jobs.get(job.id);
    const stored = commitOf(recorded, job)?.job;
    const isTrue = stored === undefined ? (recorded?.unanswered ?? 0) > 0 : SHOWN.every((key) => stored[key] === job[key]);
    this.#tally.demand(19, isTrue, job.id, () => `${client} saw version ${job.version} as ${job.status}, which no commit made`);
    this.#remember(job.id, { position, client, job });
  }

  #checkMissing(answer: Answered, jobId: string): void {
    const job = this.#run.jobs.get(jobId);
    for (const before of this.#before(answer, jobId)) {
      const life = job?.lives.find(({ createdAt }) => createdAt === before.job.createdAt);
      const expiresAt = life?.commits.at(-1)?.job.expiresAt;
      const hasExpired = expiresAt !== undefined && expiresAt < this.time / 1_000 + CLOCK_SKEW_SECONDS;
      const message = (): string => `${before.client} saw version ${before.job.version}, then ${answer.client} was answered 404`;
      this.#tally.demand(19, hasExpired, jobId, message);
    }
  }

  /** The newest version that this caller must know of, if any. */
  #before({ client, asked }: Answered, jobId: string): Seen[] {
    const seen = this.#seen.get(jobId) ?? [];
    const known = seen.filter((earlier) => (asked === undefined ? earlier.client === client : earlier.position < asked));
    return known.slice(-1);
  }

  /** In the order of versions. */
  #remember(jobId: string, answer: Seen): void {
    const seen = this.#seen.get(jobId) ?? [];
    const place = seen.findLastIndex(({ job }) => !isNewerState(job, answer.job));
    this.#seen.set(jobId, seen.toSpliced(place + 1, 0, answer));
  }
}
