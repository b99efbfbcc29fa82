import { createHash } from "node:crypto";
import { setImmediate, setTimeout } from "node:timers/promises";
import { PermanentError } from "@autoscaling-job-queues/domain/errors";
import type { JobFileName, JobInput } from "@autoscaling-job-queues/domain/job-type";
import { type JobContext as AnyJobContext, defineJob } from "@autoscaling-job-queues/worker/define-job";
import * as z from "zod";
import { canaryJob } from "./job-type.ts";

type Input = JobInput<typeof canaryJob>;
type JobContext = AnyJobContext<JobFileName<typeof canaryJob>>;
type InputOf<Op extends Input["op"]> = Extract<Input, { op: Op }>;

const Checkpoint = z.object({ step: z.int() });

/** Bytes of `{"value":""}`. */
const RESULT_FRAME_BYTES = 12;
/** A JavaScript number takes eight bytes in an array of doubles. */
const NUMBERS_PER_MEBIBYTE = 1_048_576 / 8;

const operations: { readonly [Op in Input["op"]]: (input: InputOf<Op>, job: JobContext) => unknown } = {
  echo: ({ value }) => ({ value }),
  sleep,
  fail: ({ message, permanent }) => {
    throw permanent ? new PermanentError(message) : new Error(message);
  },
  flaky: ({ failures }, { attempt }) => {
    if (attempt <= failures) throw new Error(`attempt ${attempt} fails, as do the first ${failures}`);
    return { attempt };
  },
  checkpoints,
  // Nothing less ends a process from one of its threads: process.exit() would end the thread only.
  crash: () => process.kill(process.pid, "SIGKILL"),
  spin,
  allocate,
  digest,
  result: ({ bytes }) => ({ value: "x".repeat(Math.max(0, bytes - RESULT_FRAME_BYTES)) }),
};

async function sleep({ seconds }: InputOf<"sleep">, { progress, signal }: JobContext): Promise<{ seconds: number }> {
  const steps = Math.max(10, Math.ceil(seconds));
  for (let step = 0; step < steps; step++) {
    await progress(step / steps, `slept ${((seconds * step) / steps).toFixed(1)} of ${seconds} s`);
    await setTimeout((seconds * 1_000) / steps, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
  return { seconds };
}

/** Resumes at the step after its last checkpoint. */
async function checkpoints({ steps, failAt }: InputOf<"checkpoints">, { attempt, resumeFrom, checkpoint }: JobContext) {
  const { step: resumedFrom } = Checkpoint.parse(resumeFrom ?? { step: 0 });
  for (let step = resumedFrom + 1; step <= steps; step++) {
    const stored = checkpoint({ step });
    if (attempt > 1 || step !== failAt) continue;
    await stored;
    throw new Error(`the first attempt fails at step ${step}`);
  }
  return { steps, resumedFrom };
}

/** Never yields, so it neither hears its signal nor reports progress: only a kill ends it early. */
function spin({ seconds }: InputOf<"spin">): { seconds: number } {
  const end = performance.now() + seconds * 1_000;
  while (performance.now() < end);
  return { seconds };
}

/** Reads the file `data` to its end. */
async function digest(
  _: InputOf<"digest">,
  { files, openFile, progress }: JobContext,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of await openFile("data")) {
    hash.update(chunk);
    bytes += chunk.byteLength;
    await progress(bytes / (files.data?.bytes ?? bytes), `read ${bytes} bytes`);
  }
  return { bytes, sha256: hash.digest("hex") };
}

/** Fills the JavaScript heap, which a thread's resource limits bound; buffers would lie outside of it. */
async function allocate({ mebibytes }: InputOf<"allocate">, { progress }: JobContext): Promise<{ allocatedMebibytes: number }> {
  const held: number[][] = [];
  while (held.length < mebibytes) {
    held.push(new Array<number>(NUMBERS_PER_MEBIBYTE).fill(0.5));
    await setImmediate();
    await progress(held.length / mebibytes, `allocated ${held.length} of ${mebibytes} MiB`);
  }
  return { allocatedMebibytes: held.length };
}

export default defineJob(canaryJob, (input, job) => {
  // The compiler cannot see that the operation found by `op` takes the input that has this `op`.
  const operation = operations[input.op] as (input: Input, job: JobContext) => unknown;
  return operation(input, job);
});
