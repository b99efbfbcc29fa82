import { BATCH_ID } from "@autoscaling-job-queues/domain/batch-id";
import { batchSchema } from "@autoscaling-job-queues/domain/batch-schema";
import { jsonSchema } from "./job-schema.ts";

/** JSON Schema of a batch ID. */
export const BATCH_ID_SCHEMA = { type: "string", pattern: BATCH_ID.pattern.source, maxLength: BATCH_ID.maxLength } as const;

/** JSON Schema of a batch, as the API answers it. */
export const BATCH = {
  ...jsonSchema(batchSchema),
  if: { properties: { status: { const: "COMPLETE" } } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { required: ["completedAt"], properties: { pending: { const: 0 } } },
  else: { properties: { completedAt: false, onCompleteJobId: false, pending: { minimum: 1 } } },
} as const;
