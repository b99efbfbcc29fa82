import { defineJobType } from "@autoscaling-job-queues/domain/job-type";
import * as z from "zod";

export const orderTotalsJob = defineJobType({
  name: "order-totals",
  description: "Adds up a day's orders by customer, from a bucket into a database",
  input: z.strictObject({
    day: z
      .union([z.iso.date(), z.literal("yesterday")])
      .describe("The day, such as 2026-11-30, or yesterday: by UTC, as the job starts"),
  }),
  timeoutSeconds: 300,
  scaling: { maxTasks: 2 },
});

export default orderTotalsJob;
