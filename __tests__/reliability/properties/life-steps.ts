import fc from "fast-check";
import { JOB_LIFETIME_DAYS, JOB_RETENTION_DAYS } from "../../../domain/limits.ts";
import type { Script } from "../world/scripted-job.ts";
import type { JobTypeRequest } from "../world/world-platform.ts";

/**
 * Receives after which a message becomes a dead letter, before its job runs out of attempts; but after more than put a message without
 * a job off (`worker/message-decision.ts`), as with the product's limit: a dead letter is never ahead of its job's creation.
 */
const DEAD_AFTER_RECEIVES = 8;

/** More failures than any type here has attempts. */
const ALWAYS = 99;

/** What jobs do, by name. */
export const SCRIPTS = {
  success: {},
  slow: { waitSeconds: 20 },
  flaky: { failures: 1 },
  "retry after": { failures: 1, retryAfterSeconds: 40 },
  "times out": { waitSeconds: 600, waits: 1 },
  failing: { failures: ALWAYS, retryAfterSeconds: 1 },
  permanent: { failures: ALWAYS, permanent: true },
  resuming: { checkpoints: [2, 1], waitSeconds: 1, failures: 1 },
  large: { padding: "i".repeat(5_000), resultCharacters: 5_000 },
} as const satisfies Record<string, Script>;

/** How a job with this script ends when nothing disturbs it. */
export function endOf({ failures = 0, permanent = false }: Script): string {
  if (failures < ALWAYS) return "SUCCEEDED";
  return permanent ? "FAILED PermanentError" : "FAILED RetryAfter";
}

export type ScriptName = keyof typeof SCRIPTS;

interface Request {
  /** How far the Lambda's clock is ahead, in milliseconds. */
  readonly skewMs: number;
  /** Whether nothing else is begun before it is answered. */
  readonly waits: boolean;
}

interface OfJob {
  /** Among the jobs that clients know, counted round; with none, the step does nothing. */
  readonly job: number;
}

interface OfWorker {
  /** Among the workers that are not gone, counted round; with none, the step does nothing. */
  readonly worker: number;
}

/** A step of a generated course of events. Workers poll, run, finish, fail and retry while time passes. */
export type LifeStep =
  | ({
      readonly do: "add";
      readonly key: string | undefined;
      readonly script: ScriptName;
      readonly delaySeconds: number;
    } & Request)
  | ({ readonly do: "cancel" | "get" | "retry" } & OfJob & Request)
  | {
      readonly do: "add batch";
      readonly key: string;
      readonly scripts: readonly ScriptName[];
      readonly follows: boolean;
      readonly waits: boolean;
    }
  /** Among the batches that clients know, counted round. */
  | { readonly do: "cancel batch"; readonly batch: number; readonly waits: boolean }
  | { readonly do: "start worker"; readonly skewMs: number }
  /** SIGKILL, SIGTERM, SIGSTOP, SIGCONT. */
  | ({ readonly do: "kill" | "tell" | "stall" | "resume" } & OfWorker)
  /** Messages in hand are delivered once more. */
  | { readonly do: "redeliver" }
  /** A dead letter, or any message of the job, is put into its queue again. */
  | ({ readonly do: "redrive" } & OfJob)
  /** Whoever makes the call after so many others dies before, or after, it took effect. */
  | { readonly do: "crash"; readonly calls: number; readonly side: "before" | "after" }
  | { readonly do: "pass"; readonly seconds: number }
  /** All clocks jump, and nothing happens in between: the machine slept. */
  | { readonly do: "jump"; readonly seconds: number };

const DAY_SECONDS = 86_400;
const MAX_SKEW_MS = 600_000;

/** Past a job's lifetime in its queue, and past the time for which its end can be read. */
export const AGES_SECONDS = [JOB_LIFETIME_DAYS * DAY_SECONDS + 3_600, JOB_RETENTION_DAYS * DAY_SECONDS + 3_600] as const;

/** None, one that SQS sees to, and one that the scheduler does. */
const DELAYS_SECONDS = [0, 0, 30, 90] as const;

const skewMs = fc.oneof(
  fc.constant(0),
  fc.constantFrom(-MAX_SKEW_MS, MAX_SKEW_MS),
  fc.integer({ min: -MAX_SKEW_MS, max: MAX_SKEW_MS }),
);
const request = { skewMs, waits: fc.boolean() };
const place = fc.nat({ max: 5 });

/** @param keys how many idempotency keys there are: with few, most are used again. */
const addWith = (...keys: readonly string[]) =>
  fc.record({
    do: fc.constant("add" as const),
    key: fc.constantFrom(undefined, ...keys),
    script: fc.constantFrom(...(Object.keys(SCRIPTS) as ScriptName[])),
    delaySeconds: fc.constantFrom(...DELAYS_SECONDS),
    ...request,
  });
const pass = fc.record({ do: fc.constant("pass" as const), seconds: fc.constantFrom(0.02, 0.2, 2, 15, 60, 400) });

const others: fc.Arbitrary<LifeStep> = fc.oneof(
  { weight: 6, arbitrary: pass },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("start worker" as const), skewMs }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom("cancel" as const, "get" as const, "retry" as const), job: place, ...request }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom("kill" as const, "tell" as const, "stall" as const, "resume" as const),
      worker: place,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("add batch" as const),
      key: fc.constantFrom("a", "b"),
      scripts: fc.array(fc.constantFrom(...(Object.keys(SCRIPTS) as ScriptName[])), { minLength: 1, maxLength: 3 }),
      follows: fc.boolean(),
      waits: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cancel batch" as const), batch: place, waits: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ do: "redeliver" } as const) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("redrive" as const), job: place }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("crash" as const),
      calls: fc.nat({ max: 12 }),
      side: fc.constantFrom("before" as const, "after" as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("jump" as const), seconds: fc.constantFrom(20, 45, 700) }) },
);

const step = fc.oneof({ weight: 6, arbitrary: addWith("a", "b") }, { weight: 20, arbitrary: others });
const busyStep = fc.oneof({ weight: 9, arbitrary: addWith("a", "b", "c", "d") }, { weight: 20, arbitrary: others });

/** A course of events, with at most one jump of days: SQS keeps a message for fourteen. */
export interface LifeCourse {
  readonly before: readonly LifeStep[];
  readonly ageSeconds: number;
  readonly after: readonly LifeStep[];
  readonly jobType: JobTypeRequest;
  /** Share of tries of calls that something happens to. */
  readonly faultRate: number;
  /** Decides which of the waiting calls comes next. */
  readonly order: number;
}

/** Few, as each costs queues. */
const JOB_TYPES: readonly JobTypeRequest[] = [
  { settings: { concurrency: 1 } },
  { settings: { concurrency: 4, listPartitions: 3 } },
  { settings: { concurrency: 2, timeoutSeconds: 30, maxAttempts: 2 } },
  { settings: { concurrency: 2, maxAttempts: 20 }, maxReceiveCount: DEAD_AFTER_RECEIVES },
];
const jobType = fc.constantFrom(...JOB_TYPES);
const order = fc.noShrink(fc.integer());

/** Courses whose calls all get their answers. */
export const lifeCourses: fc.Arbitrary<LifeCourse> = fc.record({
  before: fc.array(step, { minLength: 1, maxLength: 14 }),
  ageSeconds: fc.constantFrom(0, 0, 0, ...AGES_SECONDS),
  after: fc.array(step, { maxLength: 6 }),
  jobType,
  faultRate: fc.constant(0),
  order,
});

const startWorker = { do: "start worker", skewMs: 0 } as const;

/** Longer courses, of at least two workers, while calls fail under the SDK's retries. */
export const faultyCourses: fc.Arbitrary<LifeCourse> = fc.record({
  before: fc.array(busyStep, { minLength: 24, maxLength: 48 }).map((steps) => [startWorker, startWorker, ...steps]),
  ageSeconds: fc.constant(0),
  after: fc.constant([]),
  jobType,
  faultRate: fc.constantFrom(0.05, 0.15, 0.3),
  order,
});
