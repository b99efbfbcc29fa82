import { PermanentError } from "@autoscaling-job-queues/domain/errors";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { jsonPointer } from "@autoscaling-job-queues/domain/json-pointer";
import type * as z from "zod";

/**
 * Reads a job's input from its JSON text, with the defaults and transforms of the job type's schema. It is called where the
 * handler is, because what a transform makes, such as a URL or a function, cannot be handed from one thread to another.
 *
 * @throws PermanentError with the code `InvalidInput` and the path of each error: no attempt can change an input.
 */
export async function handlerInput<Schema extends z.ZodType>(
  jobType: Pick<JobType<Schema>, "input">,
  text: string,
): Promise<z.output<Schema>> {
  let parsed: z.ZodSafeParseResult<z.output<Schema>>;
  try {
    parsed = await jobType.input.safeParseAsync(JSON.parse(text));
  } catch (error) {
    // A transform or refinement of the schema threw.
    throw invalid(`the job type's schema could not read the input: ${(error as Error).message}`, error);
  }
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `${jsonPointer(path as (string | number)[])}: ${message}`);
  throw invalid(`the input misses the job type's schema: ${issues.join("; ")}`, parsed.error);
}

function invalid(message: string, cause: unknown): PermanentError {
  return new PermanentError(message, { code: "InvalidInput", cause });
}
