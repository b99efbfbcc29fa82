import * as z from "zod";
import type { DeepReadonly } from "./deep-readonly.ts";
import { JOB_ID } from "./job-id.ts";
import { batchIdSchema } from "./job-schema.ts";
import { JOB_TYPE_NAME } from "./job-type-name.ts";
import { MAX_BATCH_ITEMS } from "./limits.ts";

const count = (description: string) => z.int().min(0).max(MAX_BATCH_ITEMS).meta({ description });
const time = z.string().meta({ format: "date-time" });

/** A batch as callers see it: the API's body, and that of its SNS event. */
export const batchSchema = z.object({
  /** Derives from caller, type and key. */
  id: batchIdSchema.meta({ description: "`<type>_batch_<ULID>`." }),
  type: z.string().regex(JOB_TYPE_NAME.pattern).max(JOB_TYPE_NAME.maxLength),
  status: z.enum(["OPEN", "COMPLETE"]).meta({ description: "COMPLETE once all its jobs have ended, whatever their ends." }),
  version: z.int().min(1).max(2).meta({ description: "1 while it is OPEN, 2 once it is COMPLETE." }),
  total: z.int().min(1).max(MAX_BATCH_ITEMS).meta({ description: "Jobs that it has." }),
  pending: count("Jobs that have not ended."),
  succeeded: count("Jobs that ended as SUCCEEDED."),
  failed: count("Jobs that ended as FAILED."),
  cancelled: count("Jobs that ended as CANCELLED."),
  createdAt: time,
  completedAt: time.exactOptional(),
  onCompleteJobId: z
    .string()
    .regex(JOB_ID.pattern)
    .max(JOB_ID.maxLength)
    .exactOptional()
    .meta({ description: "The job that `onComplete` asked for, once it has been added." }),
});

export type Batch = DeepReadonly<z.infer<typeof batchSchema>>;
