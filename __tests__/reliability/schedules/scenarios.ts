import { duplicate, redeliver } from "../world/redelivery.ts";
import type { Stage, StageSettings } from "../world/stage.ts";
import type { JobTypeRequest } from "../world/world-platform.ts";
import { PAUSE_SCENARIOS } from "./pause-scenarios.ts";
import { type Bound, TWO_DISTURBANCES } from "./schedule.ts";

/** A course of events, whose schedules are explored. It must take the same steps each time. */
export interface Scenario extends StageSettings {
  readonly name: string;
  readonly jobType?: JobTypeRequest;
  /** Whether it pauses its type. @default false */
  readonly hasPauses?: boolean;
  /** What its exploration covers beside `TWO_DEATHS` and `ONE_DISTURBANCE`. @default nothing */
  readonly alsoWithin?: Bound;
  /** Whether the history is judged as it stands, without recovery: it leaves something undone on purpose. */
  readonly isOpen?: boolean;
  /**
   * Plays it. Whatever it waits for may never come, because the process that should have brought it about is dead; it then
   * goes on with what is left.
   *
   * @param key tells idempotency keys of this run from those of others.
   */
  readonly play: (stage: Stage, key: string) => Promise<void>;
}

/** Longer than SQS sees to. */
const LATER_SECONDS = 70;
const PERMANENT = { failures: 1, permanent: true };

export const SCENARIOS: readonly Scenario[] = [
  {
    name: "success",
    alsoWithin: TWO_DISTURBANCES,
    play: async (stage) => {
      stage.worker();
      await stage.add({});
    },
  },
  {
    name: "retry-then-success",
    play: async (stage, key) => {
      stage.worker();
      await stage.add({ script: { failures: 1 }, idempotencyKey: key });
    },
  },
  {
    name: "retry-delivered-twice",
    play: async (stage) => {
      stage.worker();
      const id = await stage.add({ script: { failures: 1, retryAfterSeconds: 15 } });
      await stage.untilWaiting();
      if (id !== undefined) await duplicate(stage.world, id);
    },
  },
  {
    name: "delayed-add",
    play: async (stage, key) => {
      stage.worker();
      await stage.add({ idempotencyKey: key, delaySeconds: 30 });
    },
  },
  {
    name: "later-add",
    play: async (stage, key) => {
      stage.worker();
      await stage.add({ idempotencyKey: key, delaySeconds: LATER_SECONDS });
    },
  },
  {
    name: "cancel-of-a-later-job",
    play: async (stage, key) => {
      await stage.cancel(await stage.add({ idempotencyKey: key, delaySeconds: LATER_SECONDS }));
      stage.worker();
    },
  },
  {
    name: "cancel-when-due",
    play: async (stage, key) => {
      stage.worker();
      const id = await stage.add({ idempotencyKey: key, delaySeconds: LATER_SECONDS });
      await stage.world.pass(LATER_SECONDS - 1);
      if (id !== undefined) stage.beginToCancel(id);
    },
  },
  {
    name: "schedule",
    play: async (stage) => {
      stage.worker();
      stage.declare("nightly", 30);
    },
  },
  {
    name: "schedule-that-fires-twice",
    play: async (stage) => {
      stage.worker();
      stage.declare("nightly", 30);
      await stage.world.settle();
      stage.declare("nightly", 0);
    },
  },
  {
    name: "permanent-failure",
    play: async (stage) => {
      stage.worker();
      await stage.add({ script: PERMANENT });
    },
  },
  {
    name: "timeout",
    jobType: { settings: { timeoutSeconds: 3, maxAttempts: 2 } },
    play: async (stage, key) => {
      stage.worker();
      await stage.add({ script: { waitSeconds: 60 }, idempotencyKey: key });
    },
  },
  {
    name: "cancel-while-queued",
    alsoWithin: TWO_DISTURBANCES,
    play: async (stage, key) => {
      await stage.cancel(await stage.add({ idempotencyKey: key }));
      stage.worker();
    },
  },
  {
    name: "cancel-while-running",
    play: async (stage, key) => {
      stage.worker();
      const id = await stage.add({ script: { waitSeconds: 5 }, idempotencyKey: key });
      await stage.untilHandlerRuns();
      await stage.cancel(id);
    },
  },
  {
    name: "duplicate-delivery",
    play: async (stage, key) => {
      stage.worker();
      const id = await stage.add({ script: { waitSeconds: 1 }, idempotencyKey: key });
      await stage.untilHandlerRuns();
      stage.worker();
      await redeliver(stage.world);
      await stage.world.settle();
      if (id !== undefined) await duplicate(stage.world, id);
    },
  },
  {
    name: "lease-takeover",
    play: async (stage, key) => {
      const first = stage.worker();
      await stage.add({ script: { waitSeconds: 1 }, idempotencyKey: key });
      await stage.untilHandlerRuns(first);
      first.process.stall();
      const second = stage.worker();
      await stage.untilHandlerRuns(second);
      first.process.resume();
    },
  },
  {
    name: "checkpoints",
    worker: { progressMs: 0 },
    play: async (stage, key) => {
      stage.worker();
      await stage.add({ script: { checkpoints: [2, 1], failures: 1 }, idempotencyKey: key });
    },
  },
  {
    name: "checkpoint-takeover",
    worker: { progressMs: 0 },
    play: async (stage, key) => {
      const script = { checkpoints: [2], checkpointCharacters: 5_000, waitSeconds: 1, waits: 1, failures: 2 };
      const first = stage.worker();
      await stage.add({ script, idempotencyKey: key });
      await stage.untilHandlerRuns(first);
      first.process.stall();
      const second = stage.worker();
      await stage.untilHandlerRuns(second);
      first.process.resume();
    },
  },
  {
    name: "large-result",
    play: async (stage, key) => {
      stage.worker();
      await stage.add({ script: { padding: "i".repeat(5_000), resultCharacters: 5_000 }, idempotencyKey: key });
    },
  },
  {
    name: "with-a-file",
    play: async (stage, key) => {
      stage.worker();
      await stage.add({ script: { readsFile: true, failures: 1 }, withFile: true, idempotencyKey: key });
    },
  },
  {
    name: "dead-letter",
    alsoWithin: TWO_DISTURBANCES,
    jobType: { maxReceiveCount: 1 },
    play: async (stage, key) => {
      const first = stage.worker();
      await stage.add({ script: { waitSeconds: 1 }, idempotencyKey: key });
      await stage.untilHandlerRuns();
      first.process.kill();
      // The lease ends before anybody receives the message.
      await stage.world.pass(40);
    },
  },
  {
    name: "dead-letter-of-leased-job",
    jobType: { maxReceiveCount: 1 },
    play: async (stage, key) => {
      stage.worker();
      await stage.add({ script: { waitSeconds: 1 }, idempotencyKey: key });
      await stage.untilHandlerRuns();
      stage.worker();
      await redeliver(stage.world);
    },
  },
  {
    name: "shutdown",
    // A second after SIGTERM, which keeps the heartbeats few, the handler is interrupted.
    worker: { stopTimeoutSeconds: 21 },
    play: async (stage, key) => {
      const first = stage.worker();
      await stage.add({ script: { waitSeconds: 15, waits: 1 }, idempotencyKey: key });
      await stage.untilHandlerRuns();
      first.tell();
    },
  },
  {
    name: "idempotent-replay",
    play: async (stage, key) => {
      const request = { idempotencyKey: key };
      stage.beginToAdd(request);
      await stage.add(request);
      stage.worker();
      await stage.add({ ...request, script: { failures: 1 } });
      await stage.world.settle();
      await stage.add(request);
    },
  },
  {
    name: "retry-of-an-ended-job",
    play: async (stage, key) => {
      stage.worker();
      const script = { ...PERMANENT, readsFile: true, padding: "i".repeat(5_000) };
      const id = await stage.add({ script, withFile: true, idempotencyKey: key });
      await stage.world.settle();
      if (id === undefined) return;
      stage.beginToRetry(id);
      await stage.retry(id);
    },
  },
  {
    name: "two-workers",
    play: async (stage, key) => {
      stage.worker();
      stage.worker();
      stage.beginToAdd({ script: { waitSeconds: 1 }, idempotencyKey: key });
      await stage.add({ script: { waitSeconds: 1 } });
    },
  },
  {
    // Each end is told by a worker of its own.
    name: "batch",
    jobType: { settings: { concurrency: 1 } },
    play: async (stage, key) => {
      stage.worker();
      stage.worker();
      await stage.addBatch({ scripts: [{}, PERMANENT], idempotencyKey: key, onComplete: {} });
    },
  },
  {
    name: "batch-cancelled",
    jobType: { settings: { concurrency: 1 } },
    play: async (stage, key) => {
      const id = await stage.addBatch({ scripts: [{ waitSeconds: 5, waits: 1 }, {}], idempotencyKey: key });
      stage.worker();
      await stage.untilHandlerRuns();
      await stage.cancelBatch(id);
    },
  },
  ...PAUSE_SCENARIOS,
];
