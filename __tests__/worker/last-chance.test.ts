import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StoredJob } from "../../domain/job.ts";
import { JobEvents } from "../../domain/job-events.ts";
import { JobStore } from "../../domain/job-store.ts";
import { type ClaimDependencies, claim } from "../../worker/claim.ts";
import { LastChance } from "../../worker/last-chance.ts";
import { ADDED_AT, buildJob } from "../support/build-job.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";

const NOW = ADDED_AT + 60_000;

let emulators: Emulators;
let store: JobStore;

beforeAll(async () => {
  emulators = await startEmulators();
  store = new JobStore(emulators.dynamoDb, emulators.jobsTableName);
});
afterAll(async () => {
  await emulators.stop();
});

function dependencies(lastChance: LastChance): ClaimDependencies {
  return {
    store,
    events: new JobEvents(emulators.sns, emulators.eventsTopicArn),
    jobType: { name: "canary", timeoutSeconds: 60, leaseSeconds: 30 },
    leaseOwner: "survivor",
    now: () => NOW,
    newWriteId: () => crypto.randomUUID(),
    paused: async () => false,
    stopping: () => false,
    lastChance,
  };
}

/** A job whose worker died, with an expired lease. */
async function abandonedJob(overrides: Partial<StoredJob>): Promise<string> {
  const job = buildJob({ status: "RUNNING", leaseExpiresAt: NOW - 1, maxAttempts: 3, ...overrides });
  await store.create(job, NOW);
  return job.id;
}

/** Another receive each time. */
const message = (body: string) => ({ body, receiptHandle: body, receiveCount: 2, ageSeconds: 1 });

describe("jobs on their last attempt, whose workers died", () => {
  it("are taken over one at a time by a worker, because one of them may be what kills workers", async () => {
    const lastChance = new LastChance();
    const first = await abandonedJob({ attempt: 2 });
    const second = await abandonedJob({ attempt: 2 });
    const received = message(first);
    expect(await claim(dependencies(lastChance), received)).toMatchObject({ kind: "claimed", job: { attempt: 3 } });
    expect(await claim(dependencies(lastChance), message(second))).toEqual({
      kind: "leased",
      until: NOW + 30_000,
      since: NOW,
    });
    expect(await store.get(second)).toMatchObject({ attempt: 2 });
    lastChance.release(received);
    expect(await claim(dependencies(lastChance), message(second))).toMatchObject({ kind: "claimed", job: { attempt: 3 } });
  });

  it("hold up no job that has more attempts", async () => {
    const lastChance = new LastChance();
    lastChance.acquire(message("another"));
    const id = await abandonedJob({ attempt: 1 });
    expect(await claim(dependencies(lastChance), message(id))).toMatchObject({ kind: "claimed", job: { attempt: 2 } });
  });

  it("hold up no job that failed by itself and is queued again", async () => {
    const lastChance = new LastChance();
    lastChance.acquire(message("another"));
    const job = buildJob({ attempt: 2, version: 5 });
    await store.create(job, NOW);
    expect(await claim(dependencies(lastChance), message(job.id))).toMatchObject({ kind: "claimed", job: { attempt: 3 } });
  });

  it("keep their place when a second message of theirs is put back", async () => {
    const lastChance = new LastChance();
    const first = await abandonedJob({ attempt: 2 });
    const second = await abandonedJob({ attempt: 2 });
    await claim(dependencies(lastChance), message(first));
    const duplicate = message(first);
    expect(await claim(dependencies(lastChance), duplicate)).toMatchObject({ kind: "leased" });
    lastChance.release(duplicate);
    expect(await claim(dependencies(lastChance), message(second))).toMatchObject({ kind: "leased" });
  });

  it("leave their place to the next only by themselves", () => {
    const lastChance = new LastChance();
    const [first, second] = [message("first"), message("second")];
    expect(lastChance.acquire(first)).toBe(true);
    lastChance.release(second);
    expect(lastChance.acquire(second)).toBe(false);
    expect(lastChance.acquire(first)).toBe(true);
    lastChance.release(first);
    expect(lastChance.acquire(second)).toBe(true);
  });
});
