import type { Arrival } from "./arrivals.ts";
import { QueueMetrics } from "./queue-metrics.ts";
import { type Random, seededRandom } from "./random.ts";
import { type QueueSide, type SimulatedJob, SimulatedService, type SimulatedTask } from "./service.ts";
import { Timeline } from "./timeline.ts";
import type { Policy, PolicyWorld, WorldSettings } from "./world.ts";

const MINUTE = 60;

/** What is so at a moment, for plots. */
export interface Moment {
  readonly at: number;
  readonly waiting: number;
  readonly desired: number;
  readonly running: number;
}

/** What has happened when all jobs are done, and at the end of the time that is looked at. */
export interface Course {
  readonly jobs: readonly SimulatedJob[];
  readonly tasks: readonly SimulatedTask[];
  /** Seconds: until then tasks are billed. */
  readonly until: number;
  readonly moments: readonly Moment[];
  /** Every change of the desired count, in order. */
  readonly changes: readonly { readonly at: number; readonly count: number }[];
}

/** What the oracle sees beyond a policy: the jobs, and their lengths. */
export interface AllSeeingWorld extends PolicyWorld {
  /** Those that wait, the oldest first. */
  waiting(): readonly Arrival[];
  /** When each slot of a task is free, as far as it is known: a task that starts is expected to take the mean. */
  slotsFree(): readonly number[];
  readonly tasks: ReadonlySet<SimulatedTask>;
  /** Told when a job has become visible: one that was added, or one that came back. */
  onVisible(told: () => void): void;
}

export interface Simulation {
  readonly arrivals: readonly Arrival[];
  /** Seconds that are looked at, at the least: until then, and until the last job is done and the tasks are as few as they get. */
  readonly until: number;
  /** Whether the queue has been at rest before: no job has come, and where no task always runs, nobody has called it. */
  readonly afterRest: boolean;
  readonly settings: WorldSettings;
  readonly policy: Omit<Policy, "attach"> & { readonly packs?: boolean; attach(world: AllSeeingWorld): void };
  readonly seed: number;
  /** Seconds between the moments that are noted; 0 for none. @default 0 */
  readonly momentSeconds?: number;
}

/** A backlog that does not end by then is past the policy: seconds after the time that is looked at and the longest job. */
const MOST_EXTRA_SECONDS = 48 * 3_600;

/** Plays arrivals against a policy. The same seed gives the same course. */
export function simulate({ arrivals, until, afterRest, settings, policy, seed, momentSeconds = 0 }: Simulation): Course {
  const timeline = new Timeline();
  const random = seededRandom(seed);
  // Tasks that always run have polled the queue, which is therefore not at rest.
  const metrics = new QueueMetrics(seededRandom(seed + 1), afterRest && policy.minTasks === 0);
  const jobs: SimulatedJob[] = arrivals.map(({ at, seconds }) => ({
    at,
    seconds,
    startedAt: Number.NaN,
    finishedAt: Number.NaN,
  }));
  const waiting: SimulatedJob[] = [];
  let head = 0;
  let unfinished = jobs.length;
  const queue: QueueSide = {
    next: () => {
      const job = waiting[head];
      if (job !== undefined) head += 1;
      return job;
    },
    done: () => {
      unfinished -= 1;
    },
    giveBack: (job, afterSeconds) => timeline.at(timeline.now + afterSeconds, () => show([job])),
    get visible() {
      return waiting.length - head;
    },
  };
  // The first launch takes as long whoever makes it, and so does each further one: no policy has more luck than another.
  const starts = seededRandom(seed + 3);
  const service = new SimulatedService(timeline, { random, starts }, settings, { packs: false, ...policy }, queue);
  const toldOfAdds: ((jobs: readonly Arrival[]) => void)[] = [];
  const toldOfVisible: (() => void)[] = [];
  const changes: { at: number; count: number }[] = [];
  const moments: Moment[] = [];
  const show = (visible: readonly SimulatedJob[]): void => {
    for (const job of visible) waiting.push(job);
    metrics.called(timeline.now);
    service.dispatch();
    for (const told of toldOfVisible) told();
  };
  const add = (added: readonly SimulatedJob[]): void => {
    show(added);
    for (const told of toldOfAdds) told(added);
  };
  const setDesiredCount = (count: number): void => {
    if (count === service.desiredCount) return;
    changes.push({ at: timeline.now, count });
    service.setDesiredCount(count);
    service.dispatch();
  };
  const { deployment, maxTasks } = settings;
  const every = (from: number, seconds: number, act: () => void): void => {
    timeline.at(from, () => {
      act();
      every(from + seconds, seconds, act);
    });
  };
  const world: AllSeeingWorld = {
    settings,
    random: policyRandom(seed),
    get now() {
      return timeline.now;
    },
    get desiredCount() {
      return service.desiredCount;
    },
    get runningCount() {
      return service.running;
    },
    queue: {
      get visible() {
        return queue.visible;
      },
      get inFlight() {
        return service.busySlots;
      },
    },
    get utilization() {
      return service.running === 0 ? 0 : service.busySlots / (service.running * settings.concurrency);
    },
    samples: (minutes) => metrics.latest(timeline.now, minutes),
    setDesiredCount,
    scaleTo: (count) => {
      const within = Math.max(policy.minTasks, Math.min(maxTasks, count));
      const { now } = timeline;
      const held = deployment !== undefined && now >= deployment.from && now < deployment.until;
      if (within > service.desiredCount || !held) setDesiredCount(within);
    },
    at: (at, act) => timeline.at(at, act),
    every: (seconds, act) => every(world.random.uniform() * seconds, seconds, act),
    onAdd: (told) => toldOfAdds.push(told),
    onVisible: (told) => toldOfVisible.push(told),
    waiting: () => waiting.slice(head),
    slotsFree: () => slotsFree(service.active, settings, timeline.now),
    tasks: service.active,
  };
  const phase = random.uniform() * MINUTE;
  every(phase, MINUTE, () => {
    if (service.running > 0) metrics.called(timeline.now);
    const { visible } = queue;
    const inFlight = service.busySlots;
    metrics.take(timeline.now, { visible, ...(inFlight > 0 ? { inFlight } : {}), emptyReceives: 3 * service.idlePollers() });
  });
  if (momentSeconds > 0) {
    every(0, momentSeconds, () =>
      moments.push({ at: timeline.now, waiting: queue.visible, desired: service.desiredCount, running: service.running }),
    );
  }
  service.begin(policy.minTasks);
  policy.attach(world);
  for (const group of atOnce(jobs)) timeline.at(group[0]?.at ?? 0, () => add(group));
  const isSettled = () =>
    timeline.now >= until &&
    unfinished === 0 &&
    service.desiredCount <= policy.minTasks &&
    service.active.size <= policy.minTasks;
  const longest = jobs.reduce((most, { seconds }) => Math.max(most, seconds), 0);
  while (!isSettled() && timeline.now < until + longest + MOST_EXTRA_SECONDS && timeline.step());
  return { jobs, tasks: service.tasks, until: Math.max(until, timeline.now), moments, changes };
}

/** The policy's own chance, so that the world's does not depend on what it draws. */
function policyRandom(seed: number): Random {
  return seededRandom(seed + 2);
}

/** Jobs that come at the same moment are added together. */
function atOnce(jobs: readonly SimulatedJob[]): SimulatedJob[][] {
  const groups: SimulatedJob[][] = [];
  for (const job of jobs) {
    const group = groups.at(-1);
    if (group?.[0]?.at === job.at) group.push(job);
    else groups.push([job]);
  }
  return groups;
}

/** Asked for thousands of times in a course, so without a list for each task. */
function slotsFree(tasks: Iterable<SimulatedTask>, { concurrency, startSeconds }: WorldSettings, now: number): number[] {
  const free: number[] = [];
  for (const { state, jobs, launchedAt } of tasks) {
    const from = state === "starting" ? Math.max(now + 1, launchedAt + startSeconds) : now;
    for (const { endsAt } of jobs.values()) free.push(endsAt);
    for (let slot = jobs.size; slot < concurrency; slot += 1) free.push(from);
  }
  return free;
}
