import type { StoredJob } from "../../../domain/job.ts";
import { isNewerState } from "../../../domain/newer-state.ts";
import type { CallOutput } from "../world/call-gate.ts";
import type { World } from "../world/world.ts";

/**
 * Makes the answer of a `BatchGetItem` one of a replica that lags behind: each job as one of its versions before.
 *
 * @param random from 0 up to 1.
 * @returns undefined where no job of the answer has had another version.
 */
export function staleAnswer(world: World, output: CallOutput, random: () => number): CallOutput | undefined {
  let isStale = false;
  const older = (job: StoredJob): StoredJob => {
    const before = world.recorder.facts.flatMap((fact) =>
      fact.kind === "committed" && fact.job.id === job.id && isNewerState(job, fact.job) ? [fact.job] : [],
    );
    const chosen = before[Math.floor(random() * before.length)];
    isStale ||= chosen !== undefined;
    return chosen ?? job;
  };
  const tables = Object.entries((output.Responses ?? {}) as Record<string, StoredJob[]>);
  const Responses = Object.fromEntries(tables.map(([table, jobs]) => [table, jobs.map(older)]));
  return isStale ? { ...output, Responses } : undefined;
}
