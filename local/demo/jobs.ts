import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { JobStatus } from "@autoscaling-job-queues/domain/job";

/** A job that the demo adds, and how it should end. */
export interface DemoJob {
  readonly type: string;
  /** What it is, for people. */
  readonly name: string;
  readonly input: unknown;
  /** A file that is uploaded first. */
  readonly file?: { readonly name: string; readonly content: Uint8Array<ArrayBuffer>; readonly contentType: string };
  readonly delaySeconds?: number;
  readonly expected: JobStatus;
  /** How many attempts it takes. @default 1 */
  readonly attempts?: number;
  /** @default any */
  readonly result?: unknown;
}

/** Samples of a job type: `jobs/<type>/samples.ts` exports a function that gives them. */
interface Sample {
  readonly name: string;
  readonly input: unknown;
}

/** Longer than the demo: it ends because it is cancelled. */
const LONG_SECONDS = 90;
/** Long enough to be cancelled meanwhile. Until it is over, its message keeps the workers: SQS takes no message back. */
const DELAY_SECONDS = 8;

/**
 * Longer than SQS sees to: a schedule sends the message, and wakes the service, which has gone to sleep by then. Nobody waits for it: the
 * clock is set ahead.
 */
export const LATER_SECONDS = 70;

/** A table too large for any request. */
const LARGE_FILE = Buffer.alloc(12_000_000, "station,day,millimetres\nKahului,2026-11-02,12.5\n");

const canary = (name: string, input: unknown, expected: JobStatus, more: Partial<DemoJob> = {}): DemoJob => ({
  type: "canary",
  name,
  input,
  expected,
  ...more,
});

const FAILURE = { op: "fail", message: "this one is meant to fail", permanent: true };

/** Jobs with a part of their own in the demo. */
export const SCRIPTED_JOBS = {
  cancelledRunning: canary("cancelled while it runs", { op: "sleep", seconds: LONG_SECONDS }, "CANCELLED"),
  cancelledWaiting: canary("cancelled while it waits", { op: "echo", value: "never" }, "CANCELLED", {
    delaySeconds: DELAY_SECONDS,
    attempts: 0,
  }),
  later: canary(`due ${LATER_SECONDS} s later, by the scheduler`, { op: "echo", value: "later" }, "SUCCEEDED", {
    delaySeconds: LATER_SECONDS,
    result: { value: "later" },
  }),
  retried: canary("fails once, then succeeds", { op: "flaky", failures: 1 }, "SUCCEEDED", { attempts: 2 }),
  failed: canary("fails for good", FAILURE, "FAILED"),
  doneAgain: canary("does again what failed for good, as a caller asks", FAILURE, "FAILED"),
  replayed: canary("added twice under one idempotency key", { op: "echo", value: "once" }, "SUCCEEDED"),
  uploaded: canary(`with an uploaded file of ${LARGE_FILE.byteLength / 1_000_000} MB`, { op: "digest" }, "SUCCEEDED", {
    file: { name: "data", content: LARGE_FILE, contentType: "text/csv" },
    result: { bytes: LARGE_FILE.byteLength, sha256: createHash("sha256").update(LARGE_FILE).digest("hex") },
  }),
  largeResult: canary("a result too large for its item", { op: "result", bytes: 100_000 }, "SUCCEEDED"),
} as const satisfies Record<string, DemoJob>;

/**
 * Jobs of every type that has samples, taken in turn until there are `count`.
 *
 * @param folder of the job types, such as "jobs".
 */
export async function sampleJobs(folder: string, types: readonly string[], count: number): Promise<DemoJob[]> {
  const samplesOf = await Promise.all(
    types.map(async (type) =>
      (await readSamples(path.resolve(folder, type, "samples.ts"))).map((sample) => ({ type, ...sample })),
    ),
  );
  const withSamples = samplesOf.filter((samples) => samples.length > 0);
  return Array.from({ length: withSamples.length === 0 ? 0 : count }, (_, index) => {
    const samples = withSamples[index % withSamples.length] ?? [];
    const round = Math.floor(index / withSamples.length);
    return { ...samples[round % samples.length], expected: "SUCCEEDED" } as DemoJob;
  });
}

async function readSamples(file: string): Promise<readonly Sample[]> {
  if (!existsSync(file)) return [];
  const { samples } = (await import(pathToFileURL(file).href)) as { readonly samples: () => Promise<readonly Sample[]> };
  return await samples();
}
