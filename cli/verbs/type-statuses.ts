import type { JobsClient, JobTypeStatus } from "@autoscaling-job-queues/client/jobs-client";
import { paced } from "./paced.ts";

/** Types that are looked at together: fewer than the executions that `prod` reserves for the Lambda `why`, which others use as well. */
const AT_ONCE = 8;
/** ECS describes 20 services a second for an account (ECS API reference: request throttling), and 100 at the first. */
const A_SECOND = 40;

/** How each of these types fares, in this order; a few are asked for at a time, however many there are. @param hours of series, if any */
export async function typeStatuses(
  client: Pick<JobsClient, "status">,
  names: readonly string[],
  signal: AbortSignal,
  hours?: number,
): Promise<readonly JobTypeStatus[]> {
  const read = new Map<string, JobTypeStatus>();
  await paced(names, { rate: A_SECOND, concurrency: AT_ONCE, signal }, async (name) => {
    read.set(name, await client.status(name, { signal, ...(hours === undefined ? {} : { hours }) }));
  });
  signal.throwIfAborted();
  return names.flatMap((name) => read.get(name) ?? []);
}
