import { isTerminal } from "../../../domain/job.ts";
import type { TimedFact } from "./timed-recorder.ts";

/** A worker was killed at this time, in milliseconds by the recorder's clock. */
export interface Kill {
  readonly by: string;
  readonly at: number;
}

/**
 * For each job that a killed worker held, the milliseconds from the kill until another worker claimed the job again, or ended it
 * because it was cancelled or had no attempt left.
 */
export function recoveryTimes(facts: readonly TimedFact[], kills: readonly Kill[]): number[] {
  const commits = facts.flatMap(({ fact, at }) => (fact.kind === "committed" ? [{ by: fact.by, job: fact.job, at }] : []));
  const times: number[] = [];
  for (const kill of kills) {
    const held = new Map<string, number>();
    for (const { by, job, at } of commits) {
      if (at > kill.at && by !== kill.by) {
        const attempt = held.get(job.id);
        if (attempt !== undefined && (job.attempt > attempt || isTerminal(job))) {
          times.push(at - kill.at);
          held.delete(job.id);
        }
      } else if (by === kill.by && job.status === "RUNNING") {
        held.set(job.id, job.attempt);
      } else if (job.status !== "RUNNING" || job.attempt !== held.get(job.id)) {
        held.delete(job.id);
      }
    }
  }
  return times;
}
