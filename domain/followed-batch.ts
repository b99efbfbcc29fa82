import { batchSchema } from "./batch-schema.ts";

/**
 * What the input of a job has as `batch` where it follows a batch (`onComplete`). A job type whose jobs may do that declares it.
 *
 * @example
 * ```ts
 * input: z.object({ month: z.string(), batch: followedBatch.optional() }),
 * ```
 */
export const followedBatch = batchSchema.pick({ id: true, total: true, succeeded: true, failed: true, cancelled: true });
