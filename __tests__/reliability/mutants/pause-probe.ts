import { secretSuspensions } from "../../handlers/jobs/controls/secret-suspensions.ts";
import type { Breach } from "./breach.ts";

/** Pauses whose Lambdas stand still or die anywhere, while somebody resumes the type. */
export async function pausesThatStandStill(): Promise<Breach[]> {
  const { found } = await secretSuspensions();
  return found.slice(0, 1).map((message) => ({ broken: 36, message }));
}
