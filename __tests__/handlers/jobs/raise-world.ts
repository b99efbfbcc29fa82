import { setImmediate as turn } from "node:timers/promises";
import { LEASE_MS, RAISE_MS } from "@autoscaling-job-queues/domain/raise-times";
import type { EndedLease, Lease, LeaseRequest } from "../../../domain/wake-leases.ts";
import { type Counted, type RaiseCalls, raiseCount } from "../../../handlers/jobs/raise-count.ts";

/** A Lambda that adds a job and then raises the count. Times are in milliseconds. */
export interface Raiser {
  readonly startsAt: number;
  /** What its clock shows at 0. */
  readonly skew: number;
  /** Jobs that it adds at once. */
  readonly jobs: number;
  /** How long each of its calls takes to arrive, in turn; as long again to be answered. */
  readonly latencies: readonly number[];
  /** At which call it dies, before that takes effect or after; never where it is absent. */
  readonly dies?: { readonly call: number; readonly after: boolean };
}

export interface RaiseCourse {
  readonly raisers: readonly Raiser[];
  readonly backlogPerTask: number;
  readonly maxTasks: number;
  /** When somebody pauses the type. */
  readonly pausesAt?: number;
}

export interface CourseEnd {
  /** Each change of the count: when it took effect, what it had been, and what it became. */
  readonly changes: readonly { readonly at: number; readonly from: number; readonly to: number; readonly isPause: boolean }[];
  readonly count: number;
  readonly backlog: number;
  readonly counted: readonly (Counted | "failed" | "died")[];
}

const NEVER = new Promise<never>(() => {});
const CALL_MS = 20;

/** Time that passes where nobody has anything to do. */
class Clock {
  now = 0;
  readonly #waiting: { readonly at: number; readonly wake: () => void }[] = [];

  async until(at: number): Promise<void> {
    await new Promise<void>((wake) => this.#waiting.push({ at: Math.max(at, this.now), wake }));
  }

  async run(): Promise<void> {
    for (await turn(); this.#waiting.length > 0; await turn()) {
      this.#waiting.sort((a, b) => a.at - b.at);
      const next = this.#waiting.shift();
      this.now = next?.at ?? this.now;
      next?.wake();
    }
  }
}

/** The lease of one type, as `WakeLeases` has it of the table. */
class OneLease {
  #held: true | undefined;
  #id: string | undefined;
  #tasks = 0;
  #until = 0;
  #restsUntil = Number.NEGATIVE_INFINITY;

  take({ id, tasks, lookedAt, until }: LeaseRequest): Lease {
    if (this.#held === true) return { state: "held" };
    if (this.#id !== undefined && this.#until >= lookedAt && this.#id !== id) return { state: "busy", tasks: this.#tasks };
    [this.#id, this.#tasks, this.#until] = [id, tasks, until];
    return { state: "leased", restsUntil: this.#restsUntil };
  }

  release({ id, restsUntil }: EndedLease): void {
    if (this.#id === id) [this.#id, this.#restsUntil] = [undefined, restsUntil];
  }

  hold(): number | undefined {
    this.#held = true;
    return this.#id === undefined ? undefined : this.#until;
  }
}

/**
 * Plays what many Lambdas do to one count, in a time of its own. A call arrives after its latency, whether its Lambda still waits for it
 * or not, and its answer comes as much later; at its deadline the Lambda gives up.
 */
export async function playRaises({ raisers, backlogPerTask, maxTasks, pausesAt }: RaiseCourse): Promise<CourseEnd> {
  const clock = new Clock();
  const lease = new OneLease();
  const changes: { at: number; from: number; to: number; isPause: boolean }[] = [];
  let count = 0;
  let backlog = 0;
  const set = (to: number, isPause: boolean): void => {
    changes.push({ at: clock.now, from: count, to, isPause });
    count = to;
  };

  const raise = async (raiser: Raiser, index: number): Promise<Counted | "failed" | "died"> => {
    await clock.until(raiser.startsAt);
    backlog += raiser.jobs;
    const deadline = clock.now + RAISE_MS;
    let made = 0;
    const isDead = (after: boolean): boolean => raiser.dies?.call === made && raiser.dies.after === after;
    const call = async <Answer>(effect: () => Answer): Promise<Answer> => {
      made += 1;
      if (isDead(false)) return await NEVER;
      const ms = raiser.latencies[made % raiser.latencies.length] ?? CALL_MS;
      const answered = (async () => {
        await clock.until(clock.now + ms);
        const answer = effect();
        if (isDead(true)) return await NEVER;
        await clock.until(clock.now + ms);
        return answer;
      })();
      const givenUp = clock.until(deadline).then(() => {
        throw new Error("the deadline is over");
      });
      return await Promise.race([answered, givenUp]);
    };
    const calls: RaiseCalls = {
      backlog: async () => await call(() => backlog),
      desiredCount: async () => await call(() => count),
      setDesiredCount: async (_, to) => await call(() => set(to, false)),
      lease: async (request) => await call(() => lease.take(request)),
      release: async (request) => await call(() => lease.release(request)),
    };
    const needed = (messages: number): number => Math.max(1, Math.min(maxTasks, Math.ceil(messages / backlogPerTask)));
    try {
      return await raiseCount(
        { name: "canary", queueUrl: "queue", wake: { cluster: "jobs", service: "canary", recheckSeconds: 30 } },
        {
          calls,
          needed,
          least: needed(raiser.jobs),
          raised: () => {},
          newId: () => `${index}:${made}`,
          now: () => clock.now + raiser.skew,
          random: () => 0,
          sleep: async (ms) => await clock.until(clock.now + ms),
        },
      );
    } catch {
      return "failed";
    }
  };

  const pause = async (at: number): Promise<void> => {
    await clock.until(at);
    const until = lease.hold();
    set(0, true);
    if (until === undefined) return;
    await clock.until(clock.now + Math.min(LEASE_MS, Math.max(0, until - clock.now)));
    set(0, true);
  };

  const counted: (Counted | "failed" | "died")[] = raisers.map(() => "died");
  for (const [index, raiser] of raisers.entries()) {
    void raise(raiser, index).then((end) => {
      counted[index] = end;
    });
  }
  if (pausesAt !== undefined) void pause(pausesAt);
  await clock.run();
  return { changes, count, backlog, counted };
}
