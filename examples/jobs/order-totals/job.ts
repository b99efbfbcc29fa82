import { RetryAfterError } from "@autoscaling-job-queues/domain/errors";
import { defineJob } from "@autoscaling-job-queues/worker/define-job";
import { orderTotalsJob } from "./job-type.ts";
import { readOrders } from "./orders.ts";
import { storeTotals } from "./totals.ts";

/** Seconds until a file that is not there yet is looked for again. */
const LOOK_AGAIN = 900;

export default defineJob(orderTotalsJob, async ({ day: asked }, job) => {
  const day = asked === "yesterday" ? dayBefore(Date.now()) : asked;
  const orders = await readOrders(day, job.signal);
  if (orders === undefined) throw new RetryAfterError(LOOK_AGAIN, `the orders of ${day} are not there yet`);
  await job.progress(0.5, `adding up ${orders.amounts.length} orders`);
  return { day, orders: orders.amounts.length, ...(await storeTotals(day, orders)) };
});

/** @param now epoch milliseconds. @returns such as 2026-11-30. */
function dayBefore(now: number): string {
  return new Date(now - 86_400_000).toISOString().slice(0, "yyyy-mm-dd".length);
}
