import { scheduleOwner } from "../../../domain/schedule-settings.ts";
import type { Fact } from "../history/fact.ts";
import type { RecordedRun } from "./recorded-run.ts";
import type { Tally } from "./tally.ts";

type Due = Extract<Fact, { readonly kind: "due" }>;

/** Checks that each time of a schedule makes at most one job and, where everything has settled, at least one (32). */
export function checkSchedules(run: RecordedRun, tally: Tally): void {
  const times = new Map<string, Set<string>>();
  for (const fact of run.facts) {
    if (fact.kind !== "due") continue;
    const owner = scheduleOwner(fact.type, fact.schedule);
    times.set(owner, (times.get(owner) ?? new Set()).add(timeOf(fact)));
  }
  for (const [owner, due] of times) {
    const jobs = [...run.jobs.values()].filter(({ lives }) => lives.some(({ commits }) => commits[0]?.job.owner === owner));
    const made = (): string => `${owner} was due at ${due.size} times, and has made ${jobs.length} jobs`;
    tally.demand(32, jobs.length <= due.size, jobs[0]?.id, made);
    if (run.settled) tally.demand(32, jobs.length >= due.size, jobs[0]?.id, made);
  }
}

function timeOf({ scheduledTime }: Due): string {
  return new Date(scheduledTime).toISOString();
}
