import type { Breach } from "./breach.ts";

/** Cheap runs of the proof's machinery that are neither schedules nor courses. Each loads what it needs itself: the mutant's modules. */
const OWN: Readonly<Record<string, () => Promise<Breach[]>>> = {
  "hostile requests": async () => await (await import("./api-probe.ts")).hostileRequests(),
  "values of every kind": async () => await (await import("./value-probe.ts")).valuesOfEveryKind(),
  "two owners": async () => await (await import("./api-probe.ts")).twoOwners(),
  "raises of one count": async () => await (await import("./raise-probe.ts")).raisesOfOneCount(),
  "the scaling of queues": async () => await (await import("./scaling-probe.ts")).scalingOfQueues(),
  "pauses that stand still": async () => await (await import("./pause-probe.ts")).pausesThatStandStill(),
  "a call to a server that stands still": async () => await (await import("./stalled-server-probe.ts")).callToStalledServer(),
  "a command that leaves a process behind": async () => await (await import("./command-probe.ts")).processLeftBehind(),
  "a file that is swapped for a link": async () => await (await import("./command-probe.ts")).swappedFile(),
  "room for the next job": async () => await (await import("./room-probe.ts")).roomForTheNextJob(),
  "a job that leaves something in its thread": async () => await (await import("./thread-probe.ts")).leftInThread(),
};

/** Whether it is a probe of its own; all others are `schedules of <scenario>`, `pairs in schedules of <scenario>`, and courses. */
export function isOwnProbe(name: string): boolean {
  return name in OWN;
}

/** Runs a probe. @returns what it found broken: nothing, where the product is as it should be. */
export async function runProbe(name: string): Promise<Breach[]> {
  return (await OWN[name]?.()) ?? (await (await import("./course-probe.ts")).explore(name));
}
