import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StoredJob } from "../../domain/job.ts";
import { JobItems } from "../../domain/job-items.ts";
import { typeStatusKey } from "../../domain/list-partitions.ts";
import { oldestQueued } from "../../domain/oldest-queued.ts";
import { ADDED_AT, buildJob } from "../support/build-job.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";

const NOW = ADDED_AT + 3_600_000;
const BATCH = 25;
const at = (ms: number): string => new Date(ms).toISOString();

let emulators: Emulators;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(async () => emulators.stop());

async function store(jobs: readonly StoredJob[]): Promise<void> {
  for (let start = 0; start < jobs.length; start += BATCH) {
    const puts = jobs.slice(start, start + BATCH).map((Item) => ({ PutRequest: { Item } }));
    await emulators.dynamoDb.send(new BatchWriteCommand({ RequestItems: { [emulators.jobsTableName]: puts } }));
  }
}

async function oldest(type: string): Promise<string[]> {
  const { dynamoDb, jobsTableName } = emulators;
  const jobs = await oldestQueued(dynamoDb, jobsTableName, new JobItems(dynamoDb, jobsTableName), type, NOW);
  return jobs.map(({ id }) => id);
}

describe("the oldest jobs that wait", () => {
  it("are those that are due, the oldest first, and of their type and state alone", async () => {
    const young = buildJob({ type: "report", createdAt: at(ADDED_AT + 2) });
    const old = buildJob({ type: "report", createdAt: at(ADDED_AT + 1) });
    const later = buildJob({ type: "report", runAt: at(NOW + 1) });
    const running = buildJob({ type: "report", status: "RUNNING" });
    await store([young, old, later, running, buildJob({ type: "letter" })]);
    expect(await oldest("report")).toEqual([old.id, young.id]);
    expect(await oldest("none")).toEqual([]);
  });

  it("are found behind hundreds that are not due yet", async () => {
    const later = Array.from({ length: 230 }, () => buildJob({ type: "digest", runAt: at(NOW + 60_000) }));
    const due = buildJob({ type: "digest", createdAt: at(ADDED_AT + 1) });
    await store([...later, due]);
    expect(await oldest("digest")).toEqual([due.id]);
  });

  it("are read a hundred at a time, and none past the first hundred that has any, over however many partitions", async () => {
    const type = "spread";
    const { dynamoDb, jobsTableName } = emulators;
    const items = new JobItems(dynamoDb, jobsTableName);
    const later = Array.from({ length: 120 }, (_, ms) =>
      buildJob({ type, createdAt: at(ADDED_AT + ms), runAt: at(NOW + 60_000) }),
    );
    // In even shares, where chance would have some partition hold up the others.
    const due = Array.from({ length: 300 }, (_, ms) =>
      buildJob({ type, createdAt: at(ADDED_AT + 500 + ms), typeStatus: typeStatusKey(type, "QUEUED", ms % 32) }, 32),
    );
    await store(later);
    for (let start = 0; start < due.length; start += BATCH) {
      await Promise.all(due.slice(start, start + BATCH).map(async (job) => await items.create(job, ADDED_AT)));
    }
    const reads: number[] = [];
    const counted: Pick<JobItems, "getMany"> = {
      getMany: async (ids, options) => {
        reads.push(ids.length);
        return await items.getMany(ids, options);
      },
    };
    const found = await oldestQueued(dynamoDb, jobsTableName, counted, type, NOW);
    expect(found).toEqual(due.slice(0, found.length));
    expect(found.length).toBeGreaterThan(0);
    expect(reads).toEqual([100, 100]);
  });
});
