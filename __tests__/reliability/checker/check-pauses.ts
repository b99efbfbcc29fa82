import type { RecordedRun } from "./recorded-run.ts";
import type { Tally } from "./tally.ts";

/** Milliseconds after a pause within which claims may still begin: a worker that cannot read the control goes on for so long. */
export const PAUSE_BOUND_MS = 60_000;

/** Checks that no claim of a paused type commits that began, by its worker's clock, later than the bound after the pause (36). */
export function checkPauses(run: RecordedRun, tally: Tally): void {
  const pausedAt = new Map<string, number>();
  const claims = new Set(
    [...run.jobs.values()].flatMap(({ lives }) =>
      lives.flatMap(({ commits }) => commits.filter(({ isClaim }) => isClaim).map(({ position }) => position)),
    ),
  );
  for (const [position, fact] of run.facts.entries()) {
    if (fact.kind === "controlled" && fact.paused) pausedAt.set(fact.type, Date.parse(fact.at));
    if (fact.kind === "controlled" && !fact.paused) pausedAt.delete(fact.type);
    if (fact.kind !== "committed" || !claims.has(position)) continue;
    const { id, type, attempt, updatedAt } = fact.job;
    const since = pausedAt.get(type);
    if (since === undefined) continue;
    const lateMs = Date.parse(updatedAt) - since;
    tally.demand(
      36,
      lateMs <= PAUSE_BOUND_MS,
      id,
      () => `${fact.by} began to claim attempt ${attempt} ${lateMs / 1_000} s after ${type} was paused`,
    );
  }
}
