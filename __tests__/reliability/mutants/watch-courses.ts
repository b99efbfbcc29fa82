import type { StoredJob } from "../../../domain/job.ts";
import { JobStore } from "../../../domain/job-store.ts";
import type { TaskProtection } from "../../../worker/task-protection.ts";
import type { Stage } from "../world/stage.ts";
import type { Course } from "./course-probe.ts";

/** Seconds in which a cancel request or a timeout stops a handler. */
const HEARD_WITHIN_SECONDS = 5;

const task = { isProtected: false };
const protection = {
  paused: false,
  busyUntil: () => {
    task.isProtected = true;
  },
  idle: () => {
    task.isProtected = false;
  },
  tick: () => {},
  release: async () => {},
} as unknown as TaskProtection;

/** Courses for what watches over a job that runs: lease, timeout, cancel, protection of its task, and shutdown. */
export const WATCH_COURSES = {
  "a job that outlives its lease": {
    jobType: { settings: { timeoutSeconds: 600 } },
    play: async (stage) => {
      const { world } = stage;
      stage.worker();
      stage.worker();
      await stage.add({ script: { waitSeconds: 70 } });
      await world.settle();
      const started = world.recorder.facts.filter(({ kind }) => kind === "handlerStarted").length;
      stage.demand(24, started === 1, () => `${started} attempts of a job whose first worker was well`);
    },
  },
  "a worker that cannot begin attempts": {
    overrides: () => ({
      runner: { run: async () => ({ kind: "notBegun", code: "ENOSPC", message: "the disk is full" }), close: async () => {} },
    }),
    // No worker here can begin the job: it waits for one elsewhere.
    isOpen: true,
    play: async (stage) => {
      const { world } = stage;
      stage.worker();
      const id = (await stage.add({ script: {} })) ?? "";
      await world.pass(60);
      const { clients, emulators } = world.platform;
      const job = await new JobStore(clients.dynamoDb, emulators.jobsTableName).get(id);
      const isLeft = job?.attempt === 1 && job.status === "QUEUED";
      stage.demand(27, isLeft, () => `a worker that can begin nothing claimed it ${job?.attempt} times: ${job?.status}`);
    },
  },
  "a handler that takes too long": {
    jobType: { settings: { timeoutSeconds: 1, maxAttempts: 1 } },
    play: async (stage) => {
      await startHandler(stage);
      await stopsSoon(stage);
    },
  },
  "a cancel of a running job": {
    play: async (stage) => {
      const id = await startHandler(stage);
      await stage.cancel(id);
      await stopsSoon(stage);
    },
  },
  "a cancel just before a result": {
    play: async (stage) => {
      const { world } = stage;
      stage.worker();
      const id = await stage.add({ script: { waitSeconds: 1 } });
      await stage.untilHandlerRuns();
      // The worker looks for cancel requests at once, and then every 2 s.
      await world.pass(0.5);
      await stage.cancel(id);
    },
  },
  "a cancel of a job that has told its progress": {
    play: async (stage) => {
      const id = await startHandler(stage);
      const { clients, emulators } = stage.world.platform;
      const store = new JobStore(clients.dynamoDb, emulators.jobsTableName);
      await store.recordProgress((await store.get(id)) as StoredJob, { fraction: 0.5 });
      await stage.cancel(id);
    },
  },
  "a worker that tells its progress and dies": {
    play: async (stage) => {
      const first = stage.worker();
      const id = await stage.add({ script: { waitSeconds: 1 } });
      await stage.untilHandlerRuns(first);
      const { clients, emulators } = stage.world.platform;
      const store = new JobStore(clients.dynamoDb, emulators.jobsTableName);
      await store.recordProgress((await store.get(String(id))) as StoredJob, { fraction: 0.5 });
      first.process.kill();
      stage.worker();
    },
  },
  "a task with a job": {
    overrides: () => ({ protection }),
    play: async (stage) => {
      await startHandler(stage);
      stage.demand(21, task.isProtected, () => "ECS may stop a task that runs a job");
    },
  },
  "SIGTERM while a handler runs": {
    jobType: { settings: { timeoutSeconds: 600 } },
    worker: { stopTimeoutSeconds: 21 },
    play: async (stage) => {
      const { world } = stage;
      const worker = stage.worker();
      await stage.add({ script: { waitSeconds: 300, waits: 1 } });
      await stage.untilHandlerRuns();
      worker.tell();
      await world.until(() => worker.process.gone);
      const held = world.hidden(world.deployed.queueUrl).length;
      stage.demand(22, held === 0, () => `it is gone, and nobody sees ${held} messages that it held`);
    },
  },
} as const satisfies Record<string, Course>;

async function startHandler(stage: Stage): Promise<string> {
  stage.worker();
  const id = await stage.add({ script: { waitSeconds: 40 } });
  await stage.untilHandlerRuns();
  if (id === undefined) throw new Error("the job was not added");
  return id;
}

async function stopsSoon(stage: Stage): Promise<void> {
  const { world } = stage;
  const startedAt = world.now;
  await world.until(() => world.recorder.facts.some(({ kind }) => kind === "handlerEnded"));
  const seconds = (world.now - startedAt) / 1_000;
  stage.demand(24, seconds <= HEARD_WITHIN_SECONDS, () => `the handler was stopped after ${seconds} s`);
}
