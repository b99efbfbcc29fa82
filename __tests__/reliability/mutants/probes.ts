import type { ATTEMPT_COURSES } from "./attempt-courses.ts";
import type { Breach } from "./breach.ts";
import type { SERVICE_COURSES } from "./service-courses.ts";
import type { TIME_COURSES } from "./time-courses.ts";
import type { WATCH_COURSES } from "./watch-courses.ts";

type CourseName =
  | keyof typeof ATTEMPT_COURSES
  | keyof typeof WATCH_COURSES
  | keyof typeof SERVICE_COURSES
  | keyof typeof TIME_COURSES;
type OwnName =
  | "hostile requests"
  | "two owners"
  | "values of every kind"
  | "the scaling of queues"
  | "a call to a server that stands still"
  | "a command that leaves a process behind"
  | "a file that is swapped for a link"
  | "a job that leaves something in its thread";

/** A cheap run of the proof's machinery: the schedules of a scenario, a course of events, or one of the others. */
export type ProbeName = `schedules of ${string}` | `pairs in schedules of ${string}` | CourseName | OwnName;

/** Each loads what it needs itself: the modules are the mutant's. */
const OWN: Readonly<Record<OwnName, () => Promise<Breach[]>>> = {
  "hostile requests": async () => await (await import("./api-probe.ts")).hostileRequests(),
  "values of every kind": async () => await (await import("./value-probe.ts")).valuesOfEveryKind(),
  "two owners": async () => await (await import("./api-probe.ts")).twoOwners(),
  "the scaling of queues": async () => await (await import("./scaling-probe.ts")).scalingOfQueues(),
  "a call to a server that stands still": async () => await (await import("./stalled-server-probe.ts")).callToStalledServer(),
  "a command that leaves a process behind": async () => await (await import("./command-probe.ts")).processLeftBehind(),
  "a file that is swapped for a link": async () => await (await import("./command-probe.ts")).swappedFile(),
  "a job that leaves something in its thread": async () => await (await import("./thread-probe.ts")).leftInThread(),
};

const SCHEDULES = /^(?<pairs>pairs in )?schedules of (?<scenario>.+)$/;

/** Runs a probe. @returns what it found broken: nothing, where the product is as it should be. */
export async function runProbe(name: ProbeName): Promise<Breach[]> {
  if (name in OWN) return await OWN[name as OwnName]();
  const { scenario, pairs } = SCHEDULES.exec(name)?.groups ?? {};
  if (scenario !== undefined) {
    return await (await import("./schedule-probe.ts")).schedulesOf(scenario, pairs === undefined ? 1 : 2);
  }
  const { playCourse } = await import("./course.ts");
  const courses = {
    ...(await import("./attempt-courses.ts")).ATTEMPT_COURSES,
    ...(await import("./watch-courses.ts")).WATCH_COURSES,
    ...(await import("./service-courses.ts")).SERVICE_COURSES,
    ...(await import("./time-courses.ts")).TIME_COURSES,
  };
  return await playCourse(courses[name as CourseName]);
}
