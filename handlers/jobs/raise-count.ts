import type { RegistryEntry, WakeTarget } from "@autoscaling-job-queues/domain/job-type-registry";
import { FURTHER_ROUND_MS, LEASE_MS, RAISE_MS, REST_MS } from "@autoscaling-job-queues/domain/raise-times";
import type { EndedLease, Lease, LeaseRequest } from "@autoscaling-job-queues/domain/wake-leases";

/** The calls that raising a type's desired count takes. */
export interface RaiseCalls {
  /** @returns the messages that wait or are in flight, roughly: SQS is up to a minute behind. */
  readonly backlog: (queueUrl: string, signal: AbortSignal) => Promise<number>;
  /** @returns the tasks that the service shall run. */
  readonly desiredCount: (service: WakeTarget, signal: AbortSignal) => Promise<number>;
  readonly setDesiredCount: (service: WakeTarget, count: number, signal: AbortSignal) => Promise<void>;
  readonly lease: (request: LeaseRequest, signal: AbortSignal) => Promise<Lease>;
  readonly release: (lease: EndedLease, signal: AbortSignal) => Promise<void>;
}

/** The least that a raise has to know of its type. */
export type RaisedType = Pick<RegistryEntry, "name" | "queueUrl" | "wake">;

export interface Raise {
  readonly calls: RaiseCalls;
  /** @returns the tasks that so many messages need. */
  readonly needed: (backlog: number) => number;
  /** Tasks that are needed whatever SQS says of messages. */
  readonly least: number;
  /** The count, where it was seen not long ago: it is not read again where it is enough. */
  readonly seen?: number | undefined;
  /** Told of each raise. */
  readonly raised: (tasks: number, before: number) => void;
  readonly newId: () => string;
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Resolves after so many milliseconds. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** For all of it. @default {@link RAISE_MS} */
  readonly deadlineMs?: number | undefined;
}

/** How a look at a count ended. */
export interface Counted {
  /** What the service runs, or is being raised to. */
  readonly tasks: number;
  /**
   * - `known`: what had been seen before is enough;
   * - `seen`: what the service was seen to run, or was raised to, is enough;
   * - `behind`: the service was raised, and more messages came meanwhile than there was time for;
   * - `others`: somebody else raises it, or raised it just now;
   * - `held`: the type is paused, and left asleep.
   */
  readonly state: "known" | "seen" | "behind" | "others" | "held";
}

/**
 * Raises the desired count of a type to what its messages need, where it is less; never lowers it. Only the holder of the type's lease sets it,
 * by a look at the service that began when the last raise had ended and rested.
 *
 * Who finds another at it leaves it to that one, who looks at the queue once more when done: more messages than before mean that others are
 * adding, so it raises again, a second later, to what came meanwhile. The others may be gone by then. So of many at once, one waits.
 *
 * @throws where a call fails, or past the deadline. A lease that it has then ends by itself.
 */
export async function raiseCount(jobType: RaisedType, raise: Raise): Promise<Counted> {
  const { now, random, sleep, deadlineMs = RAISE_MS } = raise;
  const signal = AbortSignal.timeout(deadlineMs);
  const endsAt = now() + deadlineMs;
  const waits = async (ms: number): Promise<boolean> => {
    if (now() + ms + FURTHER_ROUND_MS > endsAt) return false;
    await sleep(ms, signal);
    return true;
  };
  for (let { seen } = raise; ; seen = undefined) {
    const counted = await raiseOnce(jobType, { ...raise, seen }, { waits, signal, endsAt });
    const isOver = counted.state === "others" ? counted.tasks >= raise.least : counted.state !== "behind";
    if (isOver || !(await waits(REST_MS * (1 + random() / 4)))) return counted;
  }
}

interface Time {
  /** Waits so long, if there is time for that and another round. @returns whether there was. */
  readonly waits: (ms: number) => Promise<boolean>;
  readonly signal: AbortSignal;
  /** Epoch milliseconds, by the clock of the raise. */
  readonly endsAt: number;
}

async function raiseOnce(jobType: RaisedType, raise: Raise, { waits, signal, endsAt }: Time): Promise<Counted> {
  const { calls, seen, now } = raise;
  const { name, queueUrl, wake: service } = jobType;
  const neededNow = async () => Math.max(raise.least, raise.needed(await calls.backlog(queueUrl, signal)));
  const wanted = async () => await calls.desiredCount(service, signal);
  let lookedAt = now();
  let [tasks, before] = await Promise.all([neededNow(), seen ?? wanted()]);
  if (seen !== undefined && seen >= tasks) return { tasks: seen, state: "known" };
  if (seen !== undefined) {
    lookedAt = now();
    before = await wanted();
  }
  if (before >= tasks) return { tasks: before, state: "seen" };

  const id = raise.newId();
  const lease = await calls.lease({ jobType: name, id, tasks, lookedAt, until: now() + LEASE_MS }, signal);
  if (lease.state === "held") return { tasks: before, state: "held" };
  if (lease.state === "busy") return { tasks: lease.tasks, state: "others" };
  let { restsUntil } = lease;
  const isLate = restsUntil >= lookedAt && !(await waits(Math.min(REST_MS, restsUntil + 1 - now())));
  if (restsUntil >= lookedAt && !isLate) [tasks, before] = await Promise.all([neededNow(), wanted()]);
  if (before < tasks && !isLate) {
    // A timer tells a Lambda that stood still only after it has gone on; its lease may be another's by then.
    if (now() >= endsAt) throw new Error(`raising the tasks of ${name} took too long`);
    await calls.setDesiredCount(service, tasks, signal);
    raise.raised(tasks, before);
    before = tasks;
    restsUntil = now() + REST_MS;
  }
  await calls.release({ jobType: name, id, restsUntil }, signal);
  // Only now: who found the lease taken has left its messages to its holder.
  return { tasks: before, state: (await neededNow()) > before ? "behind" : "seen" };
}
