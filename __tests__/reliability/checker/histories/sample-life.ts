import type { StoredJob } from "../../../../domain/job.ts";
import type { TransitionName, TransitionValues } from "../../../../domain/transitions.ts";
import { applyTransition } from "../../../support/apply-transition.ts";
import { ADDED_AT, buildJob } from "../../../support/build-job.ts";
import { publicEvent, publicJob } from "../../../support/public-job.ts";
import type { Fact, FinalState, History } from "../../history/fact.ts";

/** A whole life of one job as facts, to be changed by tests: `api` adds it, `worker-1` does it, `client` reads it. */

let writes = 0;

/** Makes a transition, `seconds` after the job was added. */
export function step(job: StoredJob, name: TransitionName, seconds: number, values: Partial<TransitionValues> = {}): StoredJob {
  writes += 1;
  const now = ADDED_AT + seconds * 1_000;
  const lease = { leaseOwner: "worker-1", leaseExpiresAt: now + 30_000 };
  const next = applyTransition(job, job.version, name, {
    now,
    writeId: `w-${writes}`,
    attempt: job.attempt,
    nextAttemptAt: new Date(now).toISOString(),
    ...lease,
    ...values,
  });
  if (next === undefined) throw new Error(`${name} is not possible from ${job.status}`);
  return next;
}

export const ADDED = buildJob({ type: "document" });
export const CLAIMED = step(ADDED, "claim", 1);
export const SUCCEEDED = step(CLAIMED, "succeed", 2, { result: '{"attempt":1}' });

const jobId = ADDED.id;

export function committed(by: string, job: StoredJob): Fact {
  return { kind: "committed", by, job };
}

export function published(by: string, job: StoredJob): Fact {
  return { kind: "published", by, event: publicEvent(job) };
}

/** A commit, published by who made it. */
export function made(by: string, ...jobs: readonly StoredJob[]): Fact[] {
  return jobs.flatMap((job) => [committed(by, job), published(by, job)]);
}

/** The job's success, published, and its message deleted. */
export function ends(by: string, job: StoredJob, messageId = "m-1"): Fact[] {
  return [...made(by, step(job, "succeed", 50, { result: "null" })), message("deleted", by, messageId)];
}

export function delivered(job: StoredJob): Fact {
  return { kind: "delivered", event: publicEvent(job) };
}

/** The answer to a read or a cancel. @param asked see `Fact`. */
export function answered(operation: "get" | "cancel", status: number, job?: StoredJob, client = "client", asked?: number): Fact {
  return {
    kind: "answered",
    client,
    ...(asked === undefined ? {} : { asked }),
    request: { operation, jobId },
    status,
    ...(job === undefined ? {} : { job: publicJob(job) }),
  };
}

export function accepted(job: StoredJob, idempotencyKey?: string, payload = "payload", delaySeconds = 0): Fact {
  const request = {
    operation: "add",
    owner: "owner",
    type: job.type,
    payload,
    delaySeconds,
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  } as const;
  return { kind: "answered", client: "client", request, status: 202, job: publicJob(job) };
}

export function refused(idempotencyKey: string, payload: string): Fact {
  return {
    kind: "answered",
    client: "client",
    request: { operation: "add", owner: "owner", type: ADDED.type, idempotencyKey, payload },
    status: 409,
  };
}

export function message(
  kind: "sent" | "deleted" | "deadLettered",
  by: string,
  messageId = "m-1",
  id = jobId,
  queue = "document",
): Fact {
  return { kind, by, queue, messageId, jobId: id };
}

export function received(by: string, messageId = "m-1", id = jobId, queue = "document", ageSeconds = 1): Fact {
  return { kind: "received", by, queue, messageId, jobId: id, ageSeconds };
}

export function handler(kind: "handlerStarted" | "handlerEnded", by: string, attempt = 1, id = jobId): Fact {
  return { kind, by, jobId: id, attempt };
}

export function worker(by: string, type = "document", concurrency = 1): Fact {
  return { kind: "workerStarted", by, type, queue: type, concurrency };
}

const LIFE = {
  workerStarted: worker("worker-1"),
  sent: message("sent", "api"),
  created: committed("api", ADDED),
  creationPublished: published("api", ADDED),
  accepted: accepted(ADDED),
  received: received("worker-1"),
  claimed: committed("worker-1", CLAIMED),
  handlerStarted: handler("handlerStarted", "worker-1"),
  claimPublished: published("worker-1", CLAIMED),
  read: answered("get", 200, CLAIMED),
  handlerEnded: handler("handlerEnded", "worker-1"),
  ended: committed("worker-1", SUCCEEDED),
  endPublished: published("worker-1", SUCCEEDED),
  deleted: message("deleted", "worker-1"),
  readAgain: answered("get", 200, SUCCEEDED),
  creationDelivered: delivered(ADDED),
  claimDelivered: delivered(CLAIMED),
  endDelivered: delivered(SUCCEEDED),
} as const satisfies Record<string, Fact>;

type FactName = keyof typeof LIFE;

/** What a test makes of the life: other facts (or none) in a fact's place. */
export type Changes = { readonly [Name in FactName]?: readonly Fact[] };

/** The facts of the life, with changes. */
export function lifeWith(changes: Changes = {}): Fact[] {
  return (Object.keys(LIFE) as FactName[]).flatMap((name) => changes[name] ?? [LIFE[name]]);
}

/** The facts of the life up to one of them, which is the last. */
export function lifeUntil(last: FactName): Fact[] {
  const facts: readonly Fact[] = Object.values(LIFE);
  return facts.slice(0, facts.indexOf(LIFE[last]) + 1);
}

/** A fact of the life, to be put elsewhere. */
export function factOf(name: FactName): Fact {
  return LIFE[name];
}

export function soFar(facts: readonly Fact[]): History {
  return { facts, settled: false };
}

/** A run that has settled. By default the table holds what was committed last, the queues nothing, and objects are there. */
export function settled(facts: readonly Fact[], final: Partial<FinalState> = {}): History {
  const jobs = new Map<string, StoredJob>();
  for (const fact of facts) {
    if (fact.kind !== "committed") continue;
    const known = jobs.get(fact.job.id);
    if (known?.createdAt !== fact.job.createdAt || known.version < fact.job.version) jobs.set(fact.job.id, fact.job);
  }
  return { facts, settled: true, final: { jobs: [...jobs.values()], messages: [], hasObject: () => true, ...final } };
}

/** The sample life until the job's first claim is published, and what may come next. */
export const RUNNING = lifeUntil("claimPublished");
export const TOLD = { kind: "told", by: "worker-1" } as const;
export const EXITED = { kind: "gone", by: "worker-1", how: "exited" } as const;
export const SECOND_WORKER = worker("worker-2");
export const HANDLER_ERROR = { code: "Error", message: "no" };
export const RETRIED = step(CLAIMED, "retry", 2, { error: HANDLER_ERROR });
export const RETRIED_CLAIM = step(RETRIED, "claim", 3);
export const TAKEN_OVER = step(CLAIMED, "takeOver", 40);

/** So many seconds after the job was added, ISO 8601. */
export function timeAt(seconds: number): string {
  return new Date(ADDED_AT + 1_000 * seconds).toISOString();
}

/** The sample job, added with a delay of a minute. */
export const DELAYED: StoredJob = { ...ADDED, runAt: timeAt(60) };
/** Its handler asked for half a minute. */
export const RETRY_LATER = step(CLAIMED, "retry", 2, { error: HANDLER_ERROR, nextAttemptAt: timeAt(32) });
export const ASKED_FOR_DELAY: Fact = {
  kind: "handlerEnded",
  by: "worker-1",
  jobId: ADDED.id,
  attempt: 1,
  retryAfterSeconds: 30,
};
