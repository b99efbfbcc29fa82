import { PutCommand } from "@aws-sdk/lib-dynamodb";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StoredJob } from "../../domain/job.ts";
import { JobStore } from "../../domain/job-store.ts";
import { TRANSITION_NAMES, TRANSITIONS } from "../../domain/transitions.ts";
import { applyTransition } from "../support/apply-transition.ts";
import { ADDED_AT, buildJob } from "../support/build-job.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";
import { runs } from "../support/property-runs.ts";
import { storedJobs, transitionValues } from "../support/transition-arbitraries.ts";

let emulators: Emulators;
let store: JobStore;

beforeAll(async () => {
  emulators = await startEmulators();
  store = new JobStore(emulators.dynamoDb, emulators.jobsTableName);
});
afterAll(async () => emulators.stop());

async function put(job: StoredJob): Promise<void> {
  await emulators.dynamoDb.send(new PutCommand({ TableName: emulators.jobsTableName, Item: job }));
}

describe("a transition in DynamoDB", () => {
  it.each(TRANSITION_NAMES)("does what it does in memory, to any job, for any values: %s", async (name) => {
    let applied = 0;
    let refused = 0;
    const jobs = storedJobs(TRANSITIONS[name].from);
    const expectations = fc.oneof({ arbitrary: fc.constant(0), weight: 8 }, fc.constantFrom(-1, 1));
    await fc.assert(
      fc.asyncProperty(jobs, transitionValues, expectations, fc.boolean(), async (job, values, stale, isUnseen) => {
        const version = job.version + stale;
        await put(job);
        const typeStatus = name === "claim" && isUnseen ? undefined : job.typeStatus;
        const outcome = await store.transition({ ...job, version, typeStatus }, name, values);
        const next = applyTransition(job, version, name, values);
        if (next === undefined) {
          refused += 1;
          expect(outcome).toStrictEqual({ applied: false, current: job });
        } else {
          applied += 1;
          expect(outcome).toStrictEqual({ applied: true, job: next });
          expect(await store.get(job.id)).toStrictEqual(next);
        }
      }),
      runs(40),
    );
    expect(applied).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(0);
  });

  it("is refused for a job of another type", async () => {
    const job = buildJob();
    await put(job);
    const values = { now: ADDED_AT, writeId: "claim", leaseOwner: "worker-1", leaseExpiresAt: ADDED_AT + 30_000 };
    const outcome = await store.transition(
      { id: job.id, type: "other", version: job.version, typeStatus: undefined },
      "claim",
      values,
    );
    expect(outcome).toEqual({ applied: false, current: job });
  });
});
