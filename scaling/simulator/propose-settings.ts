import type { ScalingSettings } from "@autoscaling-job-queues/domain/job-type";
import { arrivalsOf, type Pattern } from "./arrivals.ts";
import type { Scenario } from "./compare.ts";
import { figuresOf } from "./figures.ts";
import { ours } from "./policies/ours.ts";
import { simulate } from "./simulate.ts";

/**
 * Settings, and what they come to: the longest p95 wait of all courses of all patterns, and the task-hours of all patterns together, each the
 * mean of its courses.
 */
export interface PlayedSettings {
  readonly scaling: ScalingSettings;
  readonly waitP95: number;
  readonly taskHours: number;
}

export interface Proposal {
  /** The cheapest settings that meet the target; undefined when none does. */
  readonly best: PlayedSettings | undefined;
  /** Of those that were played the one with the shortest wait. */
  readonly quickest: PlayedSettings;
  readonly given: PlayedSettings;
  /** What else could be chosen: nothing that both waits longer and costs more than another. Rising by wait. */
  readonly frontier: readonly PlayedSettings[];
  /** No more tasks were tried. */
  readonly most: number;
}

const BACKLOGS = [1, 2, 3, 4, 5, 7, 10, 14, 20, 30, 50, 100];
const IDLE_MINUTES = [1, 2, 3, 5, 10, 15];
const MOST_TASKS = [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 700, 1_000, 1_500, 2_000, 3_000];
/** Tasks that are tried at the most, unless more are given. */
const USUAL_MOST = 200;
/** Courses of chance for each choice: other ones than those that results are shown of, so that no choice is made for its own course. */
const COURSES = 2;
const FIRST_COURSE = 1_000;
/** Fewer tasks at most may cost so much more: they bound what a mistake costs. */
const WORTH = 1.01;

/**
 * Tries settings out: which of them meet a target, and what they cost.
 *
 * @param targetP95 seconds that 95 of 100 jobs may wait.
 */
export function proposeSettings(patterns: readonly Pattern[], scenario: Scenario, targetP95: number): Proposal {
  const { world, jobSeconds, seed } = scenario;
  const courses = patterns.flatMap((pattern) =>
    Array.from({ length: COURSES }, (_, index) => {
      const own = seed + FIRST_COURSE + index;
      return { until: pattern.until, afterRest: pattern.afterRest, seed: own, arrivals: arrivalsOf(pattern, own, jobSeconds) };
    }),
  );
  const play = (scaling: ScalingSettings): PlayedSettings => {
    const all = courses.map((course) =>
      figuresOf(simulate({ ...course, settings: { ...world, maxTasks: scaling.maxTasks }, policy: ours(scaling) })),
    );
    return {
      scaling,
      waitP95: Math.max(...all.map(({ waitP95 }) => waitP95)),
      taskHours: all.reduce((sum, { taskHours }) => sum + taskHours, 0) / COURSES,
    };
  };
  const { scaleOutDepth, maxTasks } = scenario.scaling;
  const most = Math.max(USUAL_MOST, maxTasks);
  const given = play(scenario.scaling);
  const played = BACKLOGS.flatMap((backlogPerTask) =>
    IDLE_MINUTES.map((idleMinutes) => play({ scaleOutDepth, maxTasks: most, backlogPerTask, idleMinutes })),
  );
  const cheapest = least(
    [...played, given].filter(({ waitP95 }) => waitP95 <= targetP95),
    ({ taskHours }) => taskHours,
  );
  const frontier = played
    .filter((one) => !played.some((other) => other.waitP95 < one.waitP95 && other.taskHours <= one.taskHours))
    .sort((one, other) => one.waitP95 - other.waitP95);
  return {
    best: cheapest === undefined ? undefined : withFewestTasks(cheapest, targetP95, play),
    quickest: least(played, ({ waitP95 }) => waitP95) ?? given,
    given,
    frontier,
    most,
  };
}

/** The same settings with as few tasks at the most as still meet the target, at about the same cost. */
function withFewestTasks(
  chosen: PlayedSettings,
  targetP95: number,
  play: (scaling: ScalingSettings) => PlayedSettings,
): PlayedSettings {
  for (const maxTasks of MOST_TASKS.filter((fewer) => fewer < chosen.scaling.maxTasks)) {
    const fewer = play({ ...chosen.scaling, maxTasks });
    if (fewer.waitP95 <= targetP95 && fewer.taskHours <= chosen.taskHours * WORTH) return fewer;
  }
  return chosen;
}

function least<Item>(items: readonly Item[], value: (item: Item) => number): Item | undefined {
  return items.reduce<Item | undefined>(
    (best, item) => (best === undefined || value(item) < value(best) ? item : best),
    undefined,
  );
}
