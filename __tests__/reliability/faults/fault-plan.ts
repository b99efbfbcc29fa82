import type { AddRequest } from "../world/api-calls.ts";
import type { JobTypeRequest } from "../world/world-platform.ts";

/** What a client does with one job. Times are milliseconds of the world's clock. */
export interface PlannedJob {
  readonly kind: JobKind;
  /** From the start of the run. */
  readonly atMs: number;
  readonly request: Omit<AddRequest, "idempotencyKey">;
  /** Keyed adds are repeated until they are answered. */
  readonly isKeyed: boolean;
  /** Another client adds with the same key, so long after the first began to. */
  readonly again?: { readonly afterMs: number; readonly sameRequest: boolean };
  /** It is cancelled so long after its add was answered. */
  readonly cancelAfterMs?: number;
  /** It is read so long after its add was answered. */
  readonly readAfterMs?: number;
}

export interface FaultPlan {
  readonly jobType: JobTypeRequest;
  /** When each worker starts, in milliseconds from the start of the run. */
  readonly workersAtMs: readonly number[];
  readonly jobs: readonly PlannedJob[];
  /** Share of tries that something happens to. */
  readonly rate: number;
  /** How long faults go on, in seconds. */
  readonly faultSeconds: number;
}

/** Chooses one of a list. */
type Choose = <Choice>(choices: readonly [Choice, ...Choice[]]) => Choice;

type Drafted = Pick<PlannedJob, "request" | "cancelAfterMs">;

/** Kinds of jobs, by what is to become of them where nothing goes wrong. */
const DRAFTS = {
  success: () => ({ request: {} }),
  "slow success": (choose: Choose) => ({ request: { script: { waitSeconds: choose([2, 15, 45]) } } }),
  flaky: (choose: Choose) => ({ request: { script: { failures: choose([1, 2]), waitSeconds: choose([0, 3]) } } }),
  "permanent failure": () => ({ request: { script: { failures: 1, permanent: true } } }),
  failing: () => ({ request: { script: { failures: 20, retryAfterSeconds: 1 } } }),
  timeout: () => ({ request: { script: { waitSeconds: 600, waits: 1 } } }),
  "cancelled while queued": (choose: Choose) => ({
    request: { delaySeconds: choose([20, 60]) },
    cancelAfterMs: choose([0, 1_500]),
  }),
  "cancelled while running": (choose: Choose) => ({
    request: { script: { waitSeconds: 55 } },
    cancelAfterMs: choose([500, 5_000, 20_000]),
  }),
  "large input and result": () => ({ request: { script: { padding: "i".repeat(5_000), resultCharacters: 5_000 } } }),
  delayed: (choose: Choose) => ({ request: { delaySeconds: choose([5, 30]) } }),
} as const satisfies Record<string, (choose: Choose) => Drafted>;

export type JobKind = keyof typeof DRAFTS;

export const JOB_KINDS = Object.keys(DRAFTS) as readonly JobKind[] as readonly [JobKind, ...JobKind[]];

/**
 * Few, as each costs queues. One's messages soon are dead letters; but after more receives than a message without a job is put
 * back for (`worker/message-decision.ts`), as with the product's limit: a dead letter is never ahead of its job's creation.
 */
const JOB_TYPES: readonly [JobTypeRequest, ...JobTypeRequest[]] = [
  { settings: { concurrency: 1 } },
  { settings: { concurrency: 4 } },
  { settings: { concurrency: 4, timeoutSeconds: 20, maxAttempts: 2 } },
  { settings: { concurrency: 2, maxAttempts: 20 }, maxReceiveCount: 8 },
];

const WORKER_COUNTS = [2, 3] as const;
const RATES = [0.05, 0.15, 0.3] as const;
/** Jobs are added within so many milliseconds, and faults go on for a while after that. */
const ADDING_MS = 40_000;
const FAULT_SECONDS = 90;

/** What happens in the run of a seed. @param random from 0 up to 1; it decides everything. */
export function faultPlan(random: () => number): FaultPlan {
  const choose: Choose = (choices) => choices[Math.floor(random() * choices.length)] ?? choices[0];
  const within = (ms: number): number => Math.floor(random() * ms);
  const job = (): PlannedJob => {
    const kind = choose(JOB_KINDS);
    const drafted: Drafted = DRAFTS[kind](choose);
    const isKeyed = random() < 0.8;
    const again = { afterMs: choose([0, 3_000, 30_000]), sameRequest: random() < 0.8 };
    const isAddedAgain = isKeyed && random() < 0.5;
    return {
      kind,
      atMs: within(ADDING_MS),
      ...drafted,
      isKeyed,
      ...(isAddedAgain ? { again } : {}),
      ...(random() < 0.5 ? { readAfterMs: within(60_000) } : {}),
    };
  };
  const workers = choose(WORKER_COUNTS);
  return {
    jobType: choose(JOB_TYPES),
    workersAtMs: Array.from({ length: workers }, (_, index) => (index === 0 ? 0 : within(ADDING_MS))).toSorted((a, b) => a - b),
    jobs: Array.from({ length: 5 + within(5) }, job),
    rate: choose(RATES),
    faultSeconds: FAULT_SECONDS,
  };
}
