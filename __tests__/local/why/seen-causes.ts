import { setTimeout as delay } from "node:timers/promises";
import type { JobOrId } from "../../../client/job.ts";
import type { JobsClient, Why } from "../../../client/jobs-client.ts";

const LOOK_MS = 250;
const PATIENCE_MS = 100_000;

/**
 * Asks why until the answer has this code.
 *
 * @param passed codes that are true on the way there.
 * @throws Error for any other: a cause that was named falsely.
 */
export async function untilWhy(
  jobs: JobsClient,
  job: JobOrId,
  code: Why["code"],
  passed: readonly Why["code"][] = [],
): Promise<Why> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  for (;;) {
    const why = await jobs.why(job, { signal });
    if (why.code === code) return why;
    if (!passed.includes(why.code)) throw new Error(`${code} was to be named, and not ${JSON.stringify(why)}`);
    await delay(LOOK_MS, undefined, { signal });
  }
}
