import { defineJobType, type JobInput } from "@autoscaling-job-queues/domain/job-type";
import * as z from "zod";

export const etlJob = defineJobType({
  name: "etl",
  description: "Cleans a CSV table and writes it as Parquet, with a summary of every column",
  input: z.strictObject({
    csv: z
      .string()
      .min(1)
      .max(1_900_000)
      .optional()
      .describe("The table as CSV text; the first line holds the column names. A larger one is uploaded as the file `data`"),
    delimiter: z
      .enum([",", ";", "\t", "|", ":", " "])
      .optional()
      .describe("Default: the first of tab, ; | and , that gives most lines as many values as the column names"),
    decimal: z
      .enum([".", ","])
      .optional()
      .describe("The decimal mark of all numbers. Default: of each column its own, where it can be read in one way only"),
    columns: z
      .record(z.string().min(1).max(256), z.enum(["boolean", "integer", "number", "date", "timestamp", "text"]))
      .optional()
      .describe(
        "Types by column name; rows whose value does not fit are rejected. Other columns get a type that keeps their texts",
      ),
    nulls: z
      .array(z.string().max(256))
      .max(20)
      .default([])
      .describe('Values that mean "no value", such as "NA". The empty one always does'),
    dropDuplicates: z.boolean().default(true).describe("Whether rows with the same texts are kept only once"),
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)
      .default("table")
      .describe("Name of the Parquet file, without its ending"),
  }),
  files: { data: { description: "The table as CSV text in UTF-8", maxBytes: 1_000_000_000, required: false } },
  // Several passes over a gigabyte, on half a vCPU.
  timeoutSeconds: 7_200,
  container: { cpu: 512, memoryMiB: 1024 },
  scaling: { backlogPerTask: 5 },
});

/** The input, with its defaults. */
export type EtlInput = JobInput<typeof etlJob>;
export type ColumnType = NonNullable<EtlInput["columns"]>[string];

export default etlJob;
