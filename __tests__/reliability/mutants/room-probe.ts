import { Attempt, type AttemptDependencies } from "../../../worker/attempt.ts";
import type { RunOutcome } from "../../../worker/runners/runner.ts";
import { WORKER_SETTINGS } from "../../../worker/settings.ts";
import { buildJob } from "../../support/build-job.ts";
import type { Breach } from "./breach.ts";

/** Runs an attempt that ends so. @returns whether it made room for the next job before its end was committed. */
async function makesRoomEarly(outcome: RunOutcome, maxAttempts: number): Promise<boolean> {
  const job = buildJob({ status: "RUNNING", maxAttempts });
  let isCommitted = false;
  let isEarly = false;
  const none = (): void => {};
  const nothing = async (): Promise<void> => {};
  const dependencies = {
    jobType: { timeoutSeconds: 60, graceSeconds: 1, retry: { baseSeconds: 0, maxSeconds: 0 } },
    store: {
      transition: async () => {
        isCommitted = true;
        return { applied: true, job: { ...job, version: job.version + 1 } };
      },
    },
    events: { publish: nothing },
    queue: { setVisibility: nothing, delete: nothing },
    runner: { run: async () => outcome },
    leases: { hold: nothing, drop: none },
    log: { attemptEnded: none, callFailed: none },
    metrics: { attemptEnded: none },
    settings: WORKER_SETTINGS,
    now: Date.now,
    random: () => 0,
    newWriteId: () => "write",
  } as unknown as AttemptDependencies;
  const message = { body: job.id, receiptHandle: "handle", receiveCount: 1, ageSeconds: 0 };
  const attempt = new Attempt(dependencies, job, message, {
    onlyWritesLeft: () => {
      isEarly ||= !isCommitted;
    },
    notBegun: none,
  });
  await attempt.run();
  if (!isCommitted) throw new Error("the attempt was not committed");
  return isEarly;
}

/** Looks which attempts make room for the next job before their end is committed. */
export async function roomForTheNextJob(): Promise<Breach[]> {
  const returned: RunOutcome = { kind: "returned", json: "1" };
  const leftBehind: RunOutcome = { kind: "failed", code: "HandlerIgnoredAbort", message: "left behind", permanent: false };
  if (await makesRoomEarly(returned, 1))
    return [{ broken: 27, message: "the next job can take the last attempt of one that succeeded" }];
  if (await makesRoomEarly(leftBehind, 3))
    return [{ broken: 23, message: "the next handler runs beside one that was left behind" }];
  return [];
}
