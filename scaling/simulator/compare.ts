import type { ScalingSettings } from "@autoscaling-job-queues/domain/job-type";
import { type Arrival, arrivalsOf, type Pattern } from "./arrivals.ts";
import { bestOracle, leastTaskHours } from "./best-oracle.ts";
import { type Figures, figuresOf } from "./figures.ts";
import { alarmsAndWakeCall } from "./policies/alarms.ts";
import { keda } from "./policies/keda.ts";
import { oracle } from "./policies/oracle.ts";
import { ours } from "./policies/ours.ts";
import { queueProcessingService } from "./policies/queue-processing.ts";
import { backlogPerTask, copilot } from "./policies/target-tracking.ts";
import { tasksForDepth } from "./policies/tasks-for-depth.ts";
import { type Moment, type Simulation, simulate } from "./simulate.ts";
import type { Policy, WorldSettings } from "./world.ts";

export interface Scenario {
  readonly scaling: ScalingSettings;
  readonly world: WorldSettings;
  /** The mean of job lengths, in seconds. */
  readonly jobSeconds: number;
  readonly seed: number;
}

export interface PolicyResult {
  readonly policy: Pick<Policy, "name" | "source">;
  readonly figures: Figures;
  readonly moments: readonly Moment[];
}

export interface PatternResult {
  readonly pattern: Pick<Pattern, "name" | "description">;
  readonly jobs: number;
  readonly ours: PolicyResult;
  readonly before: PolicyResult;
  readonly peers: readonly PolicyResult[];
  /** At our p95 wait; undefined where that is shorter than a task takes to start, or jobs are left undone. */
  readonly oracle: PolicyResult | undefined;
  /** Our task-hours by those of the oracle. */
  readonly ratio: number | undefined;
  /** Task-hours of the work alone. */
  readonly least: number;
  /** Peers that have both a shorter p95 wait and fewer task-hours. */
  readonly beatenBy: readonly string[];
  /** Seconds from the first job until as many tasks are wanted as the most messages at once need. */
  readonly rightCountSeconds: number | undefined;
}

/** The systems that a user would pick instead. */
export function peersOf(scaling: ScalingSettings): readonly Policy[] {
  return [queueProcessingService(), copilot(scaling), backlogPerTask(scaling), keda(scaling)];
}

/** Courses of chance that are played before one of them is shown. */
const COURSES = 11;

/**
 * Plays a pattern against every policy. Chance decides much of a short pattern, so eleven courses are played, and the one is shown that
 * is in the middle by what our tasks cost for the work.
 *
 * @param momentSeconds between what is noted for plots; 0 for nothing.
 */
export function comparePattern(pattern: Pattern, scenario: Scenario, momentSeconds = 0): PatternResult {
  const courses = Array.from({ length: COURSES }, (_, index) => {
    const seed = scenario.seed + index;
    const arrivals = arrivalsOf(pattern, seed, scenario.jobSeconds);
    const { taskHours } = figuresOf(
      simulate({ ...pattern, arrivals, settings: scenario.world, policy: ours(scenario.scaling), seed }),
    );
    return { seed, arrivals, cost: taskHours - leastTaskHours(arrivals, scenario.world) };
  });
  const [middle] = courses.sort((one, other) => one.cost - other.cost).slice(Math.floor(COURSES / 2));
  if (middle === undefined) throw new Error("no course was played");
  return compareCourse(pattern, middle.arrivals, { ...scenario, seed: middle.seed }, momentSeconds);
}

function compareCourse(
  pattern: Pattern,
  arrivals: readonly Arrival[],
  { scaling, world, seed }: Scenario,
  momentSeconds: number,
): PatternResult {
  const { until, afterRest } = pattern;
  const play = (policy: Simulation["policy"]) => {
    const course = simulate({ arrivals, until, afterRest, settings: world, policy, seed, momentSeconds });
    return { policy, figures: figuresOf(course), moments: course.moments, changes: course.changes };
  };
  const own = play(ours(scaling));
  const before = play(alarmsAndWakeCall(scaling));
  const peers = peersOf(scaling).map(play);
  const targetP95 = own.figures.waitP95;
  // Where jobs are left undone, any number of tasks is enough.
  const found = Number.isFinite(targetP95) ? bestOracle({ arrivals, until, afterRest, world, seed, targetP95 }) : undefined;
  const best = found === undefined ? undefined : cheapest(play(oracle(found.settings)), [own, before, ...peers], targetP95);
  const right = tasksForDepth(scaling)(mostAtOnce(arrivals));
  const rightAt = own.changes.find(({ count }) => count >= right)?.at;
  return {
    pattern,
    jobs: arrivals.length,
    ours: own,
    before,
    peers,
    oracle: best,
    ratio: best === undefined ? undefined : own.figures.taskHours / best.figures.taskHours,
    least: leastTaskHours(arrivals, world),
    beatenBy: peers
      .filter(({ figures }) => figures.waitP95 < own.figures.waitP95 && figures.taskHours < own.figures.taskHours)
      .map(({ policy }) => policy.name),
    rightCountSeconds: rightAt === undefined ? undefined : rightAt - (arrivals[0]?.at ?? 0),
  };
}

/** The rule's course, or where it is no better than a policy that waits no longer, that one's: the fewest task-hours that are known. */
function cheapest(rule: PolicyResult, others: readonly PolicyResult[], targetP95: number): PolicyResult {
  const best = others
    .filter(({ figures }) => figures.waitP95 <= targetP95)
    .reduce((least, one) => (one.figures.taskHours < least.figures.taskHours ? one : least), rule);
  return { ...best, policy: rule.policy };
}

/** The jobs of the busiest ten seconds. */
function mostAtOnce(arrivals: readonly Arrival[]): number {
  let [first, most] = [0, 0];
  for (const [last, { at }] of arrivals.entries()) {
    while ((arrivals[first]?.at ?? at) < at - 10) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

/** The middle one of some numbers, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}
