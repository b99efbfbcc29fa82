import type { AllSeeingWorld } from "../simulate.ts";
import type { Policy } from "../world.ts";

export interface OracleSettings {
  /** Seconds that it lets a job wait: it launches as late as that allows, so that a task serves as many jobs as it can. */
  readonly waitSeconds: number;
  /** Seconds of the known work that a task must have before it for one more to be launched; 0 for none. */
  readonly worthSeconds: number;
  /** Seconds that an idle task is kept beyond the minute that is billed anyway. */
  readonly keepSeconds: number;
}

const BILLED_SECONDS = 60;
/** A new plan at most this often, in seconds. */
const PLAN_SECONDS = 0.2;

/** Sees every arrival at once, and knows how long each job takes: which tasks are enough, and when at the latest they must be launched. */
export function oracle({
  waitSeconds,
  worthSeconds,
  keepSeconds,
}: OracleSettings): Omit<Policy, "attach"> & { packs: true; attach(world: AllSeeingWorld): void } {
  return {
    name: "oracle",
    source: "docs/simulation.md",
    minTasks: 0,
    protectsBusyTasks: true,
    packs: true,
    attach: (world) => {
      let plannedAt = Number.NEGATIVE_INFINITY;
      let nextPlan = Number.POSITIVE_INFINITY;
      const planAt = (at: number): void => {
        if (at >= nextPlan) return;
        nextPlan = at;
        world.at(at, () => {
          if (nextPlan !== at) return;
          nextPlan = Number.POSITIVE_INFINITY;
          plan();
        });
      };
      const plan = (): void => {
        plannedAt = world.now;
        const { launches, next } = neededLaunches(world, waitSeconds, worthSeconds);
        if (launches > 0) world.setDesiredCount(Math.min(world.settings.maxTasks, world.tasks.size + launches));
        else stopIdle(world, keepSeconds, planAt);
        if (next !== undefined && next > world.now) planAt(Math.max(next, plannedAt + PLAN_SECONDS));
      };
      world.onVisible(() => planAt(Math.max(world.now, plannedAt + PLAN_SECONDS)));
      world.every(5, () => {
        if (world.queue.visible === 0) stopIdle(world, keepSeconds, planAt);
      });
    },
  };
}

/**
 * Plays what is known to its end: how many tasks must be launched now, and when the next one may have to be.
 *
 * @param worthSeconds of known work for each task.
 */
function neededLaunches(world: AllSeeingWorld, waitSeconds: number, worthSeconds: number): { launches: number; next?: number } {
  const { startSeconds, concurrency, maxTasks } = world.settings;
  const waiting = world.waiting();
  if (waiting.length === 0) return { launches: 0 };
  const { now } = world;
  const slots = world.slotsFree();
  const free = new Slots(slots);
  let work = 0;
  for (const at of slots) work += at - now;
  for (const { seconds } of waiting) work += seconds;
  const worth = worthSeconds === 0 ? maxTasks : Math.max(1, Math.ceil(work / concurrency / worthSeconds));
  let tasks = world.tasks.size;
  let launches = 0;
  for (const job of waiting) {
    const startsAt = Math.max(now, free.earliest);
    const latest = job.at + waitSeconds;
    const ready = Math.max(latest, now + startSeconds);
    if (startsAt > latest && ready < startsAt && tasks < Math.min(maxTasks, worth)) {
      const launchAt = latest - startSeconds;
      if (launchAt > now) return { launches, next: launchAt };
      launches += 1;
      tasks += 1;
      for (let slot = 0; slot < concurrency; slot += 1) free.add(now + startSeconds);
    }
    free.take(now, job.seconds);
  }
  return { launches };
}

function stopIdle(world: AllSeeingWorld, keepSeconds: number, planAt: (at: number) => void): void {
  let idle = 0;
  for (const { state, jobs, idleSince, billedFrom } of world.tasks) {
    if (state !== "running" || jobs.size > 0) continue;
    // The billed minute costs no more when it is stayed out.
    const until = Math.max(idleSince + keepSeconds, billedFrom + BILLED_SECONDS - 2);
    if (until <= world.now) idle += 1;
    else planAt(until);
  }
  if (idle > 0 && world.queue.visible === 0) world.setDesiredCount(Math.max(0, world.tasks.size - idle));
}

/** When slots fall free, the earliest first. */
class Slots {
  readonly #heap: number[] = [];

  constructor(times: readonly number[]) {
    for (const time of times) this.add(time);
  }

  get earliest(): number {
    return this.#heap[0] ?? Number.POSITIVE_INFINITY;
  }

  add(time: number): void {
    const heap = this.#heap;
    let place = heap.push(time) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent] as number;
      if (above <= time) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = time;
  }

  /** The earliest slot takes a job. */
  take(now: number, seconds: number): void {
    const heap = this.#heap;
    if (heap.length === 0) return;
    const time = Math.max(now, this.earliest) + seconds;
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      if (left >= heap.length) break;
      const next = left + 1 < heap.length && (heap[left + 1] as number) < (heap[left] as number) ? left + 1 : left;
      if ((heap[next] as number) >= time) break;
      heap[place] = heap[next] as number;
      place = next;
    }
    heap[place] = time;
  }
}
