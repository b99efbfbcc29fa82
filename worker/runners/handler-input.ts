import { PermanentError } from "@autoscaling-job-queues/domain/errors";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { unkeptNumbers } from "@autoscaling-job-queues/domain/json-number";
import { jsonPointer } from "@autoscaling-job-queues/domain/json-pointer";
import type * as z from "zod";
import { giveOwnDefaults } from "./own-defaults.ts";

/** Wrong values that a message names: it is cut after some of them anyway. */
const MAX_ISSUES = 20;

/** What is wrong with a value of an input. */
export interface Issue {
  /** JSON pointer into the input. */
  readonly path: string;
  readonly message: string;
}

/**
 * Reads a job's input from its JSON text, with the defaults and transforms of the job type's schema. It is called where the
 * handler is, because what a transform makes, such as a URL or a function, cannot be handed from one thread to another.
 *
 * @throws PermanentError with the code `InvalidInput` and the path of each error: no attempt can change an input. Also for a
 * number that JavaScript would change, which the API refuses with the same words.
 */
export async function handlerInput<Schema extends z.ZodType>(
  jobType: Pick<JobType<Schema>, "input">,
  text: string,
): Promise<z.output<Schema>> {
  const input = await parseInput(jobType, text);
  const unkept = unkeptNumbers(text, MAX_ISSUES);
  if (unkept.length > 0) throw missedSchema(unkept);
  return input;
}

/** Reads an input as `handlerInput` does, whatever its numbers. */
export async function parseInput<Schema extends z.ZodType>(
  jobType: Pick<JobType<Schema>, "input">,
  text: string,
): Promise<z.output<Schema>> {
  giveOwnDefaults(jobType.input);
  let parsed: z.ZodSafeParseResult<z.output<Schema>>;
  try {
    parsed = await jobType.input.safeParseAsync(JSON.parse(text));
  } catch (error) {
    // A transform or refinement of the schema threw.
    throw invalidInput(`the job type's schema could not read the input: ${(error as Error).message}`, error);
  }
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => ({ path: jsonPointer(path as (string | number)[]), message }));
  throw missedSchema(issues, parsed.error);
}

/** The error of an input that is not as its job type asks. */
export function missedSchema(issues: readonly Issue[], cause?: unknown): PermanentError {
  const named = issues.slice(0, MAX_ISSUES).map(({ path, message }) => `/input${path}: ${message}`);
  return invalidInput(`the input does not match the job type's schema: ${named.join("; ")}`, cause);
}

export function invalidInput(message: string, cause: unknown): PermanentError {
  return new PermanentError(message, { code: "InvalidInput", cause });
}
