import * as z from "zod";
import { BATCH_ID } from "./batch-id.ts";
import { MAX_BATCH_ITEMS } from "./limits.ts";

const count = z.int().min(0).max(MAX_BATCH_ITEMS);

/**
 * What the input of a job has as `batch` where it follows a batch (`onComplete`). A job type whose jobs may do that declares it.
 *
 * @example
 * ```ts
 * input: z.object({ month: z.string(), batch: followedBatch.optional() }),
 * ```
 */
export const followedBatch = z.object({
  id: z.string().regex(BATCH_ID.pattern).max(BATCH_ID.maxLength),
  total: count,
  succeeded: count,
  failed: count,
  cancelled: count,
});
