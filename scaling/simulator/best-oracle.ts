import type { Arrival } from "./arrivals.ts";
import { type Figures, figuresOf } from "./figures.ts";
import { type OracleSettings, oracle } from "./policies/oracle.ts";
import { simulate } from "./simulate.ts";
import type { WorldSettings } from "./world.ts";

/** How much work, in parts of the target wait, a task must have before it for the oracle to launch one more; 0 for none. */
const WORTHS = [0, 0.7, 1, 1.3, 1.7];
/** Seconds. */
const KEEPS = [0, 120, 600];
const HALVINGS = 6;

export interface OracleResult {
  readonly settings: OracleSettings;
  readonly figures: Figures;
}

interface Search {
  readonly arrivals: readonly Arrival[];
  readonly until: number;
  readonly afterRest: boolean;
  readonly world: WorldSettings;
  readonly seed: number;
  /** Seconds. */
  readonly targetP95: number;
}

/**
 * The oracle with the fewest task-hours of those that meet the target. Its settings are chosen in hindsight, for these very arrivals: more
 * than a policy can do, which makes up for it not being told what comes.
 *
 * @returns undefined when none meets it: the target is shorter than a task takes to start.
 */
export function bestOracle({ arrivals, until, afterRest, world, seed, targetP95 }: Search): OracleResult | undefined {
  const play = (settings: OracleSettings): OracleResult => {
    const course = simulate({ arrivals, until, afterRest, settings: world, policy: oracle(settings), seed });
    return { settings, figures: figuresOf(course) };
  };
  let best: OracleResult | undefined;
  const consider = (result: OracleResult): boolean => {
    const meets = result.figures.waitP95 <= targetP95;
    if (meets && result.figures.taskHours < (best?.figures.taskHours ?? Number.POSITIVE_INFINITY)) best = result;
    return meets;
  };
  for (const keepSeconds of KEEPS) {
    // To keep idle tasks is worth a look with the amount of work that is best without.
    const worths =
      keepSeconds === 0 || best === undefined ? WORTHS.map((worth) => worth * targetP95) : [best.settings.worthSeconds];
    for (const worthSeconds of worths) {
      const at = (waitSeconds: number) => play({ waitSeconds, worthSeconds, keepSeconds });
      if (!consider(at(0))) continue;
      // The longer it lets jobs wait, the fewer tasks it needs: the longest that meets the target.
      let [low, high] = [0, 3 * targetP95 + 60];
      for (let halving = 0; halving < HALVINGS; halving += 1) {
        const middle = (low + high) / 2;
        if (consider(at(middle))) low = middle;
        else high = middle;
      }
    }
  }
  return best;
}

/** Task-hours below which nobody gets, not even one who knows all that is to come: the work, in tasks that are always full. */
export function leastTaskHours(arrivals: readonly Arrival[], { concurrency }: Pick<WorldSettings, "concurrency">): number {
  return arrivals.reduce((sum, { seconds }) => sum + seconds, 0) / concurrency / 3_600;
}
