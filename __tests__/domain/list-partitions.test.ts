import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { batchJobId } from "../../domain/batch-id.ts";
import { countJobs } from "../../domain/count-jobs.ts";
import { jobIdForKey, newJobId } from "../../domain/job-id.ts";
import { JobItems } from "../../domain/job-items.ts";
import { MAX_LIST_PARTITIONS } from "../../domain/limits.ts";
import { raiseListPartitions } from "../../domain/list-partition-marks.ts";
import { listPartitionIn, ownerKey, partitionsOf, typeStatusKey } from "../../domain/list-partitions.ts";
import { oldestQueued } from "../../domain/oldest-queued.ts";
import { TABLES, type TableIndex } from "../../domain/tables.ts";
import { ADDED_AT, buildJob } from "../support/build-job.ts";
import { recordCalls } from "../support/client-middleware.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";

const { byOwner, byTypeAndStatus } = TABLES.jobs.indexes;

let emulators: Emulators;
let items: JobItems;
beforeAll(async () => {
  emulators = await startEmulators();
  items = new JobItems(emulators.dynamoDb, emulators.jobsTableName);
});
afterAll(async () => emulators.stop());

/** How many entries a partition of an index has. */
async function entriesIn({ name, hashKey }: TableIndex, key: string): Promise<number> {
  const { Count = 0 } = await emulators.dynamoDb.send(
    new QueryCommand({
      TableName: emulators.jobsTableName,
      IndexName: name,
      KeyConditionExpression: "#key = :key",
      ExpressionAttributeNames: { "#key": hashKey },
      ExpressionAttributeValues: { ":key": key },
      Select: "COUNT",
    }),
  );
  return Count;
}

const BATCH = { id: "spread_batch_01JCQ8N6V4W2X9Y7Z5T3R1P0MK", createdAt: new Date(ADDED_AT).toISOString() };

describe("the partitions over which a type spreads its jobs", () => {
  it.each<[string, number, (number: number) => string]>([
    ["new ones", 20, () => newJobId("spread", ADDED_AT)],
    ["with idempotency keys", 8, (number) => jobIdForKey("spread", "iam:ann", String(number))],
    ["of a batch", 5, (number) => batchJobId("spread", BATCH, number)],
  ])("have even shares of the jobs, by type and status and by owner: %s", async (name, partitions, newId) => {
    const [type, owner, jobs] = [`spread-${partitions}`, `iam:${name}`, 40 * partitions];
    for (let start = 0; start < jobs; start += 40) {
      const added = Array.from({ length: 40 }, (_, number) =>
        buildJob({ id: newId(start + number).replace("spread", type), type, owner }, partitions),
      );
      await Promise.all(added.map(async (job) => await items.create(job, ADDED_AT)));
    }
    for (const [index, keyOf] of [
      [byTypeAndStatus, (partition: number) => typeStatusKey(type, "QUEUED", partition)],
      [byOwner, (partition: number) => ownerKey(owner, partition)],
    ] as const) {
      const shares = await Promise.all(partitionsOf(partitions).map(async (part) => await entriesIn(index, keyOf(part))));
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(jobs);
      // Five standard deviations of a share of 40.
      expect(Math.max(...shares)).toBeLessThan(72);
      expect(Math.min(...shares)).toBeGreaterThan(8);
    }
    expect(await countJobs(emulators.dynamoDb, emulators.jobsTableName, type, "QUEUED")).toBe(jobs);
  });

  it("are the keys of ever where there is one, and nothing is written beside the job", async () => {
    const calls = recordCalls(emulators.dynamoDb);
    const job = buildJob({ type: "plain" });
    await items.create(job, ADDED_AT);
    expect(job).toMatchObject({ typeStatus: "plain#QUEUED", owner: "local" });
    expect(job).not.toHaveProperty("claimedTypeStatus");
    expect(calls.map(({ command }) => command)).toEqual(["PutItemCommand"]);
  });

  it("are announced before the first job in them, and then cost no call", async () => {
    const jobs = Array.from({ length: 40 }, () => buildJob({ type: "announced" }, MAX_LIST_PARTITIONS));
    const last = jobs.reduce((most, { typeStatus }) => Math.max(most, listPartitionIn(typeStatus)), 0);
    const adder = new JobItems(emulators.dynamoDb, emulators.jobsTableName);
    for (const job of jobs) await adder.create(job, ADDED_AT);
    const calls = recordCalls(emulators.dynamoDb);
    await adder.create(buildJob({ type: "announced" }, last + 1), ADDED_AT);
    expect(calls.map(({ command }) => command)).toEqual(["PutItemCommand"]);
    const another = new JobItems(emulators.dynamoDb, emulators.jobsTableName);
    await another.create(buildJob({ type: "announced" }, 2), ADDED_AT);
    const marks = calls.filter(({ input }) => JSON.stringify(input).includes("list-partitions#"));
    expect(marks.every(({ command }) => command === "GetItemCommand")).toBe(true);
  });

  it("keep a job's owner as the caller is named", async () => {
    const job = buildJob({ type: "owned", owner: "jwt:7#ann" }, MAX_LIST_PARTITIONS);
    await items.create(job, ADDED_AT);
    expect(await items.get(job.id)).toEqual(job);
    expect(await items.getMany([job.id])).toEqual([job]);
    expect(await items.create({ ...job, lastWriteId: "other" }, ADDED_AT)).toEqual({ applied: false, current: job });
  });

  it.each([undefined, null, 7, "", "canary#QUEUED", "canary#QUEUED#x", "canary#QUEUED#-1", "canary#QUEUED#32", "a#b#1e9"])(
    "are the first for what no writer of ours wrote: %j",
    (typeStatus) => {
      expect(listPartitionIn(typeStatus)).toBe(0);
    },
  );
});

describe("the oldest jobs that wait, of a type that spreads its jobs", () => {
  it("are those of all partitions, the oldest first, also behind such as are not due yet", async () => {
    const type = "waiting";
    const at = (ms: number): string => new Date(ADDED_AT + ms).toISOString();
    const later = Array.from({ length: 150 }, (_, ms) => buildJob({ type, createdAt: at(ms), runAt: at(900_000) }, 4));
    const due = Array.from({ length: 12 }, (_, ms) => buildJob({ type, createdAt: at(200 + ms) }, 4));
    for (const job of [...later, ...due]) await items.create(job, ADDED_AT);
    const { dynamoDb, jobsTableName } = emulators;
    const found = (await oldestQueued(dynamoDb, jobsTableName, items, type, ADDED_AT + 1_000)).map(({ id }) => id);
    expect(found.length).toBeGreaterThan(0);
    expect(found).toEqual(due.slice(0, found.length).map(({ id }) => id));
  });

  it("are found behind those for later of before the type spread its jobs", async () => {
    const type = "spread-later";
    const at = (ms: number): string => new Date(ADDED_AT + ms).toISOString();
    const later = Array.from({ length: 250 }, (_, ms) => buildJob({ type, createdAt: at(ms), runAt: at(900_000) }));
    await Promise.all(later.map(async (job) => await items.create(job, ADDED_AT)));
    const due = buildJob({ id: `${type}_01JCQ8N6V4W2X9Y7Z5T3R1P0MZ`, type, createdAt: at(300) }, 32);
    await items.create(due, ADDED_AT);
    await raiseListPartitions(emulators.dynamoDb, emulators.jobsTableName, type, 32);
    expect(await oldestQueued(emulators.dynamoDb, emulators.jobsTableName, items, type, ADDED_AT + 1_000)).toEqual([due]);
  });
});
