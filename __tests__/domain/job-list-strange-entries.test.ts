import { setImmediate as turn } from "node:timers/promises";
import { type DynamoDBDocumentClient, PutCommand, type QueryCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StoredJob } from "../../domain/job.ts";
import { type JobPage, type JobQuery, listJobs } from "../../domain/job-list.ts";
import { JobStore } from "../../domain/job-store.ts";
import { ADDED_AT, buildJob } from "../support/build-job.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";

let emulators: Emulators;
let store: JobStore;
beforeAll(async () => {
  emulators = await startEmulators();
  store = new JobStore(emulators.dynamoDb, emulators.jobsTableName);
});
afterAll(async () => emulators.stop());

async function put(...jobs: StoredJob[]): Promise<void> {
  await Promise.all(jobs.map((Item) => emulators.dynamoDb.send(new PutCommand({ TableName: emulators.jobsTableName, Item }))));
}

const list = async (query: JobQuery): Promise<JobPage> =>
  await listJobs(emulators.dynamoDb, emulators.jobsTableName, store, query);

/** What somebody can do who runs code in a worker of the type `broken`: write any item whose key begins with it. */
describe("a list among entries that a broken worker wrote", () => {
  it.each<[string, unknown]>([
    ["null", null],
    ["a number", 7],
    ["a text", "rare:yes"],
    ["a list", { rare: ["yes"] }],
    ["what has no text", { rare: { toString: "yes", valueOf: 1 } }],
  ])("finds the caller's jobs by tag, though tags are none: %s", async (name, tags) => {
    const owner = `owner of ${name}`;
    const own = buildJob({ type: "own", owner, tags: { rare: "yes" } });
    await put(own, buildJob({ type: "broken", owner, tags: tags as NonNullable<StoredJob["tags"]> }));
    expect(await list({ owner, tags: ["rare:yes"], limit: 10 })).toEqual({ jobs: [own] });
    const { jobs } = await list({ types: ["own", "broken"], tags: ["rare:yes"], limit: 100 });
    expect(jobs).toContainEqual(own);
  });

  it("passes over no job whose place was given to others", async () => {
    const owner = "owner of a place";
    const own = buildJob({ type: "own", owner });
    const oldest = buildJob({ type: "own", owner, createdAt: new Date(ADDED_AT - 1).toISOString() });
    const { createdAtId } = own;
    await put(own, oldest, ...Array.from({ length: 8 }, () => ({ ...buildJob({ type: "broken", owner }), createdAtId })));
    const { jobs, next = "" } = await list({ owner, limit: 1 });
    expect(jobs).toEqual([own]);
    expect(await list({ owner, limit: 1, after: next })).toEqual({ jobs: [oldest] });
  });
});

/** What bounds the memory of a list, whose entries have tags of up to 30 KB each. */
describe("a list of many partitions", () => {
  it("asks for no tags unless it compares them, and for 16 partitions at a time", async () => {
    let [underWay, most] = [0, 0];
    const asked: string[] = [];
    const client = {
      send: async ({ input }: QueryCommand) => {
        underWay += 1;
        most = Math.max(most, underWay);
        asked.push(input.ProjectionExpression ?? "all");
        await turn();
        underWay -= 1;
        return { Items: [] };
      },
    } as unknown as DynamoDBDocumentClient;
    const types = Array.from({ length: 20 }, (_, index) => `type-${index}`);
    await listJobs(client, "jobs", store, { types, limit: 10 });
    expect([most, asked.length, new Set(asked)]).toEqual([16, 101, new Set(["all", "id, createdAtId"])]);
    await listJobs(client, "jobs", store, { types: ["type-1"], tags: ["a:b"], limit: 10 });
    expect(asked.at(-1)).toBe("id, createdAtId, #tags");
  });

  it("reads the jobs of an owner a hundred at a time, and keeps those in the states that are asked for", async () => {
    const owner = "owner of many";
    const jobs = Array.from({ length: 230 }, (_, index) =>
      buildJob({ owner, createdAt: new Date(ADDED_AT + index).toISOString(), status: index === 0 ? "FAILED" : "RUNNING" }),
    );
    await put(...jobs);
    const reads: number[] = [];
    const counted: Pick<JobStore, "getMany"> = {
      getMany: async (ids, options) => {
        reads.push(ids.length);
        return await store.getMany(ids, options);
      },
    };
    const query = { owner, statuses: ["FAILED"], limit: 10 } as const;
    expect(await listJobs(emulators.dynamoDb, emulators.jobsTableName, counted, query)).toEqual({ jobs: [jobs[0]] });
    expect(Math.max(...reads)).toBe(100);
    expect(reads.reduce((sum, count) => sum + count, 0)).toBe(230);
  });
});
