import { MAX_INTERRUPTIONS } from "../../../domain/limits.ts";
import { connectionReset, noConnection } from "../faults/aws-errors.ts";
import type { AwsTry } from "../world/call-gate.ts";
import { REPLACED, storeUpload } from "../world/uploaded-file.ts";
import type { Course } from "./course-probe.ts";

/** Of these, a handler is left alone for a second after SIGTERM. */
const STOP_TIMEOUT_SECONDS = 21;

/** What each of a job's writes makes, if nothing goes wrong: its creation, its claim, and its success. */
const VERSIONS = 3;

/** Courses for the guards of attempts: how many there are, of how many jobs at once, and who may end them. */
export const ATTEMPT_COURSES = {
  "more jobs than slots": {
    jobType: { settings: { concurrency: 1 } },
    play: async (stage) => {
      for (let job = 0; job < 3; job += 1) stage.beginToAdd({ script: { waitSeconds: 1 } });
      stage.worker();
    },
  },
  "more failures than attempts": {
    jobType: { settings: { maxAttempts: 2 } },
    play: async (stage) => {
      stage.worker();
      await stage.add({ script: { failures: 4 } });
    },
  },
  "a file that is replaced after its job was added": {
    jobType: { settings: { concurrency: 4 } },
    play: async (stage) => {
      const { emulators } = stage.world.platform;
      const { name } = stage.world.deployed.jobType;
      await storeUpload(emulators, name);
      await stage.add({ script: { readsFile: true }, withFile: true });
      await storeUpload(emulators, name, REPLACED);
      stage.worker();
    },
  },
  "the worker of the last attempt dies": {
    jobType: { settings: { maxAttempts: 1 } },
    play: async (stage) => {
      const worker = stage.worker();
      await stage.add({ script: { waitSeconds: 1 } });
      await stage.untilHandlerRuns(worker);
      worker.process.kill();
    },
  },
  "a hand-back more than cost nothing": {
    jobType: { settings: { timeoutSeconds: 600 } },
    worker: { stopTimeoutSeconds: STOP_TIMEOUT_SECONDS },
    play: async (stage) => {
      const { world } = stage;
      await stage.add({ script: { waitSeconds: 300, waits: MAX_INTERRUPTIONS + 1 } });
      for (let handBack = 0; handBack <= MAX_INTERRUPTIONS; handBack += 1) {
        const worker = stage.worker();
        await stage.untilHandlerRuns(worker);
        worker.tell();
        await world.until(() => worker.process.gone);
      }
    },
  },
  "a claim whose answer is lost": {
    play: async (stage) => {
      const { world } = stage;
      let isLost = false;
      stage.intercept(async (attempt, perform) => {
        const output = await perform();
        if (isLost || attempt.operation !== "UpdateItem") return output;
        isLost = true;
        throw connectionReset();
      });
      stage.worker();
      await stage.add({});
      await world.settle();
      const versions = world.recorder.facts.filter(({ kind }) => kind === "committed").length;
      stage.demand(7, versions === VERSIONS, () => `${versions} versions, as the claim was made again`);
    },
  },
  "a checkpoint's call that takes effect after the next": {
    worker: { progressMs: 0 },
    play: async (stage) => {
      const { world } = stage;
      let late: (() => Promise<unknown>) | undefined;
      let tries = 0;
      stage.intercept(async (attempt, perform) => {
        if (!isCheckpoint(attempt)) return await perform();
        tries += 1;
        if (tries === 1) {
          late = perform;
          throw connectionReset();
        }
        const output = await perform();
        // By now the first checkpoint has been stored by the second try, and the second one by the third.
        if (tries === 3) await late?.().catch(() => {});
        return output;
      });
      stage.worker();
      await stage.add({ script: { checkpoints: [2], failures: 1 } });
      await world.settle();
      stage.demand(35, tries === 3, () => `${tries} tries of two checkpoints`);
    },
  },
  "a lease renewed while another worker takes it over": {
    jobType: { settings: { timeoutSeconds: 600 } },
    play: async (stage) => {
      const { world } = stage;
      const first = stage.worker();
      await stage.add({ script: { waitSeconds: 100 } });
      await stage.untilHandlerRuns(first);
      first.process.stall();
      const { process: second } = stage.worker();
      let isRenewed = false;
      stage.intercept(async (attempt, perform) => {
        const output = perform();
        await output.catch(() => undefined);
        // It learns of the expired lease by this read, and comes to its next call after the renewal.
        if (attempt.process === second && attempt.operation === "GetItem" && first.process.stalled) {
          second.stall();
          first.process.resume();
        } else if (attempt.process === first.process && attempt.operation === "UpdateItem") {
          isRenewed = true;
          second.resume();
        }
        return await output;
      });
      await world.until(() => isRenewed);
    },
  },
  "a worker that wakes up after another took its job, and does not hear of it": {
    play: async (stage) => {
      const first = stage.worker();
      await stage.add({ script: { waitSeconds: 1 } });
      await stage.untilHandlerRuns(first);
      first.process.stall();
      await stage.untilHandlerRuns(stage.worker());
      stage.intercept(async ({ process, operation, input }, perform) => {
        const isHeartbeat = operation === "BatchGetItem" || (operation === "UpdateItem" && input.ReturnValues === undefined);
        if (isHeartbeat && process === first.process) throw noConnection();
        return await perform();
      });
      first.process.resume();
    },
  },
} as const satisfies Record<string, Course>;

function isCheckpoint({ operation, input }: AwsTry): boolean {
  const { ExpressionAttributeNames: names } = input as { readonly ExpressionAttributeNames?: Readonly<Record<string, string>> };
  return operation === "UpdateItem" && names?.["#attribute"] === "checkpoint";
}
