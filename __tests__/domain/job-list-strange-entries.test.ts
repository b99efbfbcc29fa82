import { PutCommand } from "@aws-sdk/lib-dynamodb";
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
  for (const Item of jobs) await emulators.dynamoDb.send(new PutCommand({ TableName: emulators.jobsTableName, Item }));
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
