import type { Addition, BatchAddition } from "./api-caller.ts";
import { CHAOS } from "./chaos-job-type.ts";

export interface PlannedJob extends Addition {
  /** Milliseconds after its acceptance at which it is cancelled; undefined for never. */
  readonly cancelAfterMs?: number;
}

type Random = () => number;

export interface Kind {
  readonly type: string;
  /** Its share of all jobs is its part of the sum of weights. */
  readonly weight: number;
  readonly input: (random: Random) => unknown;
}

const { thread, inline } = CHAOS;

const between = (random: Random, least: number, most: number): number => least + random() * (most - least);
const rounded = (value: number): number => Math.round(value * 100) / 100;

/** Jobs that come often. Inputs and results past 4 KiB go to S3. */
const ORDERLY: readonly Kind[] = [
  { type: thread, weight: 16, input: (random) => ({ op: "echo", value: rounded(random()) }) },
  { type: thread, weight: 20, input: (random) => ({ op: "sleep", seconds: rounded(between(random, 0.3, 2.5)) }) },
  { type: thread, weight: 7, input: (random) => ({ op: "flaky", failures: random() < 0.7 ? 1 : 2 }) },
  { type: thread, weight: 2, input: () => ({ op: "fail", message: "no luck", permanent: false }) },
  { type: thread, weight: 4, input: () => ({ op: "fail", message: "no use", permanent: true }) },
  { type: thread, weight: 6, input: (random) => ({ op: "result", bytes: Math.round(between(random, 4_200, 60_000)) }) },
  { type: thread, weight: 3, input: (random) => ({ op: "echo", value: "x".repeat(Math.round(between(random, 4_200, 20_000))) }) },
  { type: thread, weight: 2, input: () => ({ op: "spin", seconds: 0.3 }) },
  {
    type: thread,
    weight: 8,
    input: (random) => ({ op: "checkpoints", steps: 5, failAt: Math.round(between(random, 1, 4)) }),
  },
  { type: inline, weight: 4, input: () => ({ op: "checkpoints", steps: 3, failAt: 2 }) },
  { type: inline, weight: 14, input: (random) => ({ op: "echo", value: rounded(random()) }) },
  { type: inline, weight: 22, input: (random) => ({ op: "sleep", seconds: rounded(between(random, 0.2, 1.2)) }) },
];

/** Jobs that leave handles behind in their worker. */
const LEAKING: readonly Kind[] = [
  { type: thread, weight: 3, input: () => ({ op: "leak", handles: 5 }) },
  { type: inline, weight: 2, input: () => ({ op: "leak", handles: 5 }) },
];

export const KINDS = {
  all: [...ORDERLY, ...LEAKING],
  /** No job leaves anything behind in its worker. */
  orderly: ORDERLY,
  /** Few processes and no threads: the cheapest. */
  inline: ORDERLY.filter(({ type }) => type === inline),
} as const satisfies Record<string, readonly Kind[]>;

export interface Workload {
  readonly kinds: readonly Kind[];
  /** Jobs that kill their worker, at every attempt. */
  readonly crashes: number;
  /** Exhaust the heap of their thread; and as many, of a whole worker. */
  readonly allocations: number;
  /** Are due in more than a minute, so that the scheduler sends them. @default 0 */
  readonly later?: number;
  /** Batches, beside the jobs. @default 0 */
  readonly batches?: number;
  /** Take a whole core until their timeout ends them, and are cancelled while they do it again. */
  readonly spins: number;
}

/** Beyond the heap of a thread of the chaos type, which is three quarters of its container's memory. */
const TOO_MANY_MEBIBYTES = 420;
const CANCELLED_SHARE = 0.08;
/** A minute waits in the queue. */
const LATER_SECONDS = 62;
const JOBS_OF_A_BATCH = 20;
/** In its second attempt, after its timeout ended the first. */
const CANCEL_SPIN_AFTER_MS = 10_000;

/** The jobs of a run, in the order in which they are added; determined by `random`. */
export function planJobs(
  count: number,
  { kinds, crashes, allocations, spins, later = 0 }: Workload,
  random: Random,
): PlannedJob[] {
  const bad: PlannedJob[] = [
    ...repeat(crashes, { type: thread, input: { op: "crash" } }),
    ...repeat(allocations, { type: thread, input: { op: "allocate", mebibytes: TOO_MANY_MEBIBYTES } }),
    ...repeat(allocations, { type: inline, input: { op: "allocate", mebibytes: TOO_MANY_MEBIBYTES } }),
    ...repeat(spins, { type: thread, input: { op: "spin", seconds: 60 }, cancelAfterMs: CANCEL_SPIN_AFTER_MS }),
    ...Array.from({ length: later }, () => ({ ...commonJob(kinds, random), delaySeconds: LATER_SECONDS })),
  ];
  const jobs: PlannedJob[] = Array.from({ length: count - bad.length }, () => commonJob(kinds, random));
  for (const job of bad) jobs.splice(Math.floor(random() * jobs.length * 0.8), 0, job);
  return jobs.map((job, index) => ({ ...job, idempotencyKey: `job-${index}` }));
}

/** A batch, and how long after its acceptance it is cancelled: undefined for never. */
export type PlannedBatch = BatchAddition & Pick<PlannedJob, "cancelAfterMs">;

/** The batches of a run, every fourth of which is cancelled. */
export function planBatches({ kinds, batches = 0 }: Workload, random: Random): PlannedBatch[] {
  const inlineKinds = kinds.filter(({ type }) => type === inline);
  return Array.from({ length: batches }, (_, index) => ({
    type: inline,
    inputs: Array.from({ length: JOBS_OF_A_BATCH }, () => commonJob(inlineKinds, random).input),
    idempotencyKey: `batch-${index}`,
    followUp: { op: "echo", value: index },
    ...(index % 4 === 3 ? { cancelAfterMs: Math.round(between(random, 0, 2_500)) } : {}),
  }));
}

function commonJob(kinds: readonly Kind[], random: Random): PlannedJob {
  let left = random() * kinds.reduce((sum, { weight }) => sum + weight, 0);
  const drawn = kinds.find(({ weight }) => {
    left -= weight;
    return left < 0;
  });
  const { type, input } = drawn ?? (kinds[0] as Kind);
  const job = { type, input: input(random) };
  return random() < CANCELLED_SHARE ? { ...job, cancelAfterMs: Math.round(between(random, 0, 2_500)) } : job;
}

function repeat(count: number, job: PlannedJob): PlannedJob[] {
  return Array.from({ length: count }, () => job);
}
