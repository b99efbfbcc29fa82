import { OneCallAtATime } from "./one-call-at-a-time.ts";

const END = Number.POSITIVE_INFINITY;

/** A count of calls, from none up. */
export const upTo = (count: number): number[] => Array.from({ length: count + 1 }, (_, index) => index);

/** Calls that a pause makes which nothing disturbs, or the end of one. */
export async function callsOf(action: "pause" | "resume"): Promise<number> {
  const type = new OneCallAtATime();
  if (action === "resume") await type.begin("pause").goOn();
  return await type.begin(action).goOn();
}

/**
 * Two people pause a type, and their Lambdas stand still after any of their calls; somebody resumes it; the first goes on for any number of calls
 * and dies, the second dies where it stands, or ends what it does.
 *
 * @returns how many courses there are, and in which of them the type does not show as paused, and is suspended or silent.
 */
export async function secretSuspensions(): Promise<{ readonly courses: number; readonly found: readonly string[] }> {
  const calls = await callsOf("pause");
  const found: string[] = [];
  let courses = 0;
  for (const first of upTo(calls)) {
    for (const second of upTo(calls)) {
      for (const later of upTo(calls - first)) {
        for (const rest of [0, END]) {
          const type = new OneCallAtATime();
          const [one, other] = [type.begin("pause"), type.begin("pause")];
          await one.goOn(first);
          await other.goOn(second);
          await type.begin("resume").goOn();
          await one.goOn(later);
          await other.goOn(rest);
          courses += 1;
          if (type.isSecret)
            found.push(`suspended in secret: pauses stood after ${first} and ${second} calls, then made ${later} and ${rest}`);
        }
      }
    }
  }
  return { courses, found };
}
