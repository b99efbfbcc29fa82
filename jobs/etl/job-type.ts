import { defineJobType } from "@autoscaling-job-queues/domain/job-type";
import * as z from "zod";

export const etlJob = defineJobType({
  name: "etl",
  description: "Cleans a CSV table and writes it as Parquet, with a summary of every column",
  input: z.strictObject({
    csv: z.string().min(1).max(1_900_000).describe("The table as CSV text; the first line holds the column names"),
    delimiter: z
      .enum([",", ";", "\t", "|", ":", " "])
      .optional()
      .describe("Default: the one that is most frequent in the first line"),
    columns: z
      .record(z.string().min(1).max(256), z.enum(["boolean", "integer", "number", "date", "timestamp", "text"]))
      .optional()
      .describe(
        "Types by column name; rows whose value does not fit are rejected. Other columns get the type that fits all values",
      ),
    dropDuplicates: z.boolean().default(true).describe("Whether rows that are equal once cleaned are kept only once"),
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)
      .default("table")
      .describe("Name of the Parquet file, without its ending"),
  }),
  timeoutSeconds: 300,
  container: { cpu: 512, memoryMiB: 1024 },
  scaling: { backlogPerTask: 5 },
});

export default etlJob;
