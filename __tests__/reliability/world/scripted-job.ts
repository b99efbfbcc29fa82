import { text } from "node:stream/consumers";
import * as z from "zod";
import { PermanentError, RetryAfterError } from "../../../domain/errors.ts";
import { defineJobType, type JobTypeSettings } from "../../../domain/job-type.ts";
import type { JobContext } from "../../../worker/define-job.ts";
import type { CheckpointName } from "../history/fact.ts";

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
  /** Tries to store so many checkpoints in each attempt: one before it waits, the others after. @default none */
  checkpoints: z.array(z.number()).optional(),
  /** Each of them has so many characters besides its name. */
  checkpointCharacters: z.number().optional(),
  /** Reads the job's file, and returns it. */
  readsFile: z.boolean().optional(),
  /** What a job that follows a batch is told of it. */
  batch: z.unknown().optional(),
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
    files: { data: { description: "What the script reads", maxBytes: 1_000, required: false } },
  });
}

export type ScriptedJobType = ReturnType<typeof scriptedJobType>;

/** A checkpoint of a script says which one it is. */
export interface ScriptCheckpoint extends CheckpointName {
  readonly padding: string;
}

export interface ScriptContext extends Pick<JobContext<"data">, "id" | "attempt" | "signal" | "openFile"> {
  readonly checkpoint: (value: ScriptCheckpoint) => Promise<void>;
}

/** The handler of scripted jobs. */
export async function runScript(script: Script, { id, attempt, signal, checkpoint, openFile }: ScriptContext) {
  const { waitSeconds, waits = attempt, failures = 0, permanent = false, retryAfterSeconds, resultCharacters = 0 } = script;
  const { checkpoints = [], checkpointCharacters = 0, readsFile = false } = script;
  const padding = "c".repeat(checkpointCharacters);
  const last = checkpoints[attempt - 1] ?? 0;
  const store = async (number: number): Promise<void> => {
    await checkpoint({ attempt, number, padding }).catch(() => signal.throwIfAborted());
  };
  if (last > 0) await store(1);
  if (waitSeconds !== undefined && attempt <= waits) await waitFor(waitSeconds, signal);
  signal.throwIfAborted();
  for (let number = 2; number <= last; number += 1) await store(number);
  const file = readsFile ? { file: await text(await openFile("data")) } : {};
  if (attempt <= failures) {
    if (retryAfterSeconds !== undefined) throw new RetryAfterError(retryAfterSeconds);
    throw permanent ? new PermanentError("as the script says") : new Error("as the script says");
  }
  return { id, attempt, padding: "r".repeat(resultCharacters), ...file };
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
