import * as z from "zod";
import { PermanentError, RetryAfterError } from "../../../domain/errors.ts";
import { defineJobType, type JobTypeSettings } from "../../../domain/job-type.ts";
import type { JobContext } from "../../../worker/define-job.ts";

const scriptSchema = z.strictObject({
  /** Runs for so long first, unless it is told to stop. */
  waitSeconds: z.number().optional(),
  /** It does so in so many first attempts. @default all */
  waits: z.number().optional(),
  /** Then throws, in so many first attempts. */
  failures: z.number().optional(),
  /** What it throws then is a `PermanentError`. */
  permanent: z.boolean().optional(),
  /** What it throws then asks for this delay before the next attempt. */
  retryAfterSeconds: z.number().optional(),
  /** Returns so many characters besides the job's ID. */
  resultCharacters: z.number().optional(),
  /** Makes the input large. */
  padding: z.string().optional(),
});

/** What the handler of a scripted job does; it is the job's input. */
export type Script = z.output<typeof scriptSchema>;

/** Settings of a world's job type; the name is the world's affair. */
export type WorldJobTypeSettings = Partial<Omit<JobTypeSettings, "name" | "input" | "isolation">>;

/** A job type whose jobs do what their input says. */
export function scriptedJobType(name: string, settings: WorldJobTypeSettings) {
  return defineJobType({
    description: "A job that does what its input says",
    timeoutSeconds: 60,
    ...settings,
    name,
    isolation: "inline",
    input: scriptSchema,
  });
}

export type ScriptedJobType = ReturnType<typeof scriptedJobType>;

/** The handler of scripted jobs. */
export async function runScript(script: Script, { id, attempt, signal }: Pick<JobContext, "id" | "attempt" | "signal">) {
  const { waitSeconds, waits = attempt, failures = 0, permanent = false, retryAfterSeconds, resultCharacters = 0 } = script;
  if (waitSeconds !== undefined && attempt <= waits) await waitFor(waitSeconds, signal);
  signal.throwIfAborted();
  if (attempt <= failures) {
    if (retryAfterSeconds !== undefined) throw new RetryAfterError(retryAfterSeconds);
    throw permanent ? new PermanentError("as the script says") : new Error("as the script says");
  }
  return { id, attempt, padding: "r".repeat(resultCharacters) };
}

async function waitFor(seconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, seconds * 1_000);
  const stop = (): void => {
    clearTimeout(timer);
    reject(signal.reason);
  };
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  await promise;
}
