import { JOB_RETENTION_DAYS } from "../../../domain/limits.ts";
import type { JobEvent } from "../../../local/event-subscriber.ts";
import { JobBoard } from "../../../local/job-board.ts";
import type { Stage } from "../world/stage.ts";
import type { World } from "../world/world.ts";
import type { Course } from "./course-probe.ts";

const DAY_MS = 86_400_000;
const KEY = { idempotencyKey: "used again" };

/** Courses for what time decides. */
export const TIME_COURSES = {
  "a key that is used again after its job expired": {
    play: async (stage) => {
      const { world } = stage;
      stage.worker();
      await stage.add({ ...KEY, script: { failures: 1 } });
      await world.settle();
      pastRetention(world);
      await stage.add(KEY);
      await world.settle();
      subscribersAgree(stage);
    },
  },
  "a worker that wakes up when its job's key has been used again": {
    jobType: { settings: { timeoutSeconds: 600 } },
    play: async (stage) => {
      const { world } = stage;
      const first = stage.worker();
      await stage.add({ ...KEY, script: { waitSeconds: 1 } });
      await stage.untilHandlerRuns(first);
      first.process.stall();
      const second = stage.worker();
      await stage.untilHandlerRuns(second);
      await world.pass(5);
      pastRetention(world);
      await stage.add({ ...KEY, script: { waitSeconds: 100 } });
      const claims = (): number => world.recorder.facts.filter(({ kind }) => kind === "handlerStarted").length;
      await world.until(() => claims() === 3);
      first.process.resume();
    },
  },
  "a job that is due in a month": {
    play: async (stage) => {
      const { world } = stage;
      const id = await stage.add({ delaySeconds: (30 * DAY_MS) / 1_000, script: { failures: 1 } });
      world.platform.time.advanceTo(world.now + 30 * DAY_MS);
      stage.worker();
      await world.settle();
      const { status } = world.recorder.facts.findLast((fact) => fact.kind === "committed")?.job ?? {};
      stage.demand(32, status === "SUCCEEDED", () => `job ${id}, due in a month, is ${status}`);
    },
  },
} as const satisfies Record<string, Course>;

/** Moves the clock to when any job that has ended has expired. */
function pastRetention(world: World): void {
  world.platform.time.advanceTo(world.now + (JOB_RETENTION_DAYS + 1) * DAY_MS);
}

/** The product's own subscriber ends with what is stored, whether events come in their order or the other way round. */
function subscribersAgree(stage: Stage): void {
  const { facts } = stage.world.recorder;
  const events = facts.flatMap((fact) => (fact.kind === "published" ? [fact.event as JobEvent] : []));
  const last = facts.findLast((fact) => fact.kind === "committed")?.job;
  for (const order of [events, events.toReversed()]) {
    const board = new JobBoard();
    for (const event of order) board.apply(event);
    const job = last && board.job(last.id);
    const isStored = job?.createdAt === last?.createdAt && job?.version === last?.version;
    stage.demand(18, isStored, () => `a subscriber ends with ${job?.createdAt}, version ${job?.version}`);
  }
}
