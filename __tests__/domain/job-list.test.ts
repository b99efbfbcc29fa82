import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { JOB_STATUSES, type JobStatus, type StoredJob } from "../../domain/job.ts";
import { jobJson } from "../../domain/job-json.ts";
import { type JobPage, type JobQuery, listJobs } from "../../domain/job-list.ts";
import { JobStore } from "../../domain/job-store.ts";
import { raiseListPartitions } from "../../domain/list-partition-marks.ts";
import { ADDED_AT, buildJob } from "../support/build-job.ts";
import { recordCalls } from "../support/client-middleware.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";
import { runs } from "../support/property-runs.ts";

let emulators: Emulators;
let store: JobStore;
let lists = 0;

beforeAll(async () => {
  emulators = await startEmulators();
  store = new JobStore(emulators.dynamoDb, emulators.jobsTableName);
});
afterAll(async () => emulators.stop());

/** Job types that no other test uses. */
function newTypes(): readonly [string, string] {
  lists += 1;
  return [`a${lists}`, `b${lists}`];
}

/** Stores jobs as they are given. */
async function put(jobs: readonly StoredJob[]): Promise<void> {
  for (let start = 0; start < jobs.length; start += 25) {
    const writes = jobs.slice(start, start + 25).map((Item) => ({ PutRequest: { Item } }));
    await emulators.dynamoDb.send(new BatchWriteCommand({ RequestItems: { [emulators.jobsTableName]: writes } }));
  }
}

/** Stores jobs as they are added, in the partitions that they have. */
async function add(jobs: readonly StoredJob[]): Promise<void> {
  await Promise.all(jobs.map(async (job) => await store.create(job, ADDED_AT)));
}

async function list(query: JobQuery): Promise<JobPage> {
  return await listJobs(emulators.dynamoDb, emulators.jobsTableName, store, query);
}

/** All pages of a query; `between` runs after each. */
async function pages(query: JobQuery, between: () => Promise<void> = async () => {}): Promise<StoredJob[][]> {
  const all: StoredJob[][] = [];
  let after: string | undefined;
  do {
    const { jobs, next } = await list({ ...query, ...(after === undefined ? {} : { after }) });
    expect(jobs.length).toBeLessThanOrEqual(query.limit);
    if (after !== undefined && next !== undefined) expect(next < after).toBe(true);
    all.push([...jobs]);
    after = next;
    await between();
  } while (after !== undefined);
  return all;
}

const times = fc.nat({ max: 5 }).map((ms) => new Date(ADDED_AT + ms).toISOString());
const TAGS = [
  ["customer", "acme"],
  ["source", "arn:aws:s3:::b"],
  ["x:y", "z"],
  ["empty", ""],
] as const;

/** A job added in one of few milliseconds, so that many share theirs. */
const addedJobs = fc.record({
  type: fc.constantFrom(0, 1),
  status: fc.constantFrom(...JOB_STATUSES),
  owner: fc.constantFrom("ann", "bob"),
  listPartitions: fc.constantFrom(1, 1, 2, 7),
  createdAt: times,
  tags: fc.subarray([...TAGS]).map((tags) => Object.fromEntries(tags)),
});

function idsNewestFirst(jobs: readonly StoredJob[]): string[] {
  return [...jobs].sort((a, b) => (a.createdAtId < b.createdAtId ? 1 : -1)).map(({ id }) => id);
}

describe("paging through jobs", () => {
  const queries = fc.record(
    {
      owner: fc.constantFrom("ann", "bob"),
      statuses: fc.subarray([...JOB_STATUSES], { minLength: 1 }),
      tags: fc.subarray(TAGS.map((tag) => tag.join(":"))),
      createdAfter: times,
      createdBefore: times,
    },
    { requiredKeys: [], noNullPrototype: true },
  );

  it("yields each job that was asked for exactly once, newest first, with any limit", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(addedJobs, { maxLength: 30 }),
        fc.integer({ min: 1, max: 12 }),
        queries,
        async (added, limit, asked) => {
          const types = newTypes();
          const own = (owner: string) => `iam:${owner} of ${types[0]}`;
          const query = { ...asked, ...(asked.owner === undefined ? {} : { owner: own(asked.owner) }) };
          const jobs = added.map(({ listPartitions, ...job }) =>
            buildJob({ ...job, type: types[job.type] as string, owner: own(job.owner) }, listPartitions),
          );
          await add(jobs);
          const expected = jobs.filter(
            ({ owner, status, createdAt, tags = {} }) =>
              (query.owner ?? owner) === owner &&
              (query.statuses ?? [status]).includes(status) &&
              (query.tags ?? []).every((tag) => Object.entries(tags).some((parts) => parts.join(":") === tag)) &&
              createdAt > (query.createdAfter ?? "0") &&
              createdAt < (query.createdBefore ?? "9"),
          );
          const listed = (await pages({ types, limit, ...query })).flat();
          expect(listed.map(({ id }) => id)).toEqual(idsNewestFirst(expected));
          expect(listed).toEqual(expect.arrayContaining(expected));
        },
      ),
      runs(100),
    );
  });

  it("yields each job once also while jobs change their status between pages", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(addedJobs, { minLength: 2, maxLength: 16 }),
        fc.integer({ min: 1, max: 6 }),
        fc.infiniteStream(fc.tuple(fc.nat(), fc.constantFrom(...JOB_STATUSES))),
        async (added, limit, changes) => {
          const types = newTypes();
          const jobs = added.map(({ listPartitions, ...job }) =>
            buildJob({ ...job, type: types[job.type] as string }, listPartitions),
          );
          await add(jobs);
          const changeOne = async () => {
            const { value } = changes.next() as { value: [number, JobStatus] };
            const job = jobs[value[0] % jobs.length] as StoredJob;
            await put([buildJob({ ...job, status: value[1] })]);
          };
          const listed = (await pages({ types, limit }, changeOne)).flat();
          expect(listed.map(({ id }) => id)).toEqual(idsNewestFirst(jobs));
        },
      ),
      runs(15),
    );
  });

  it("finds one owner's jobs with one query and two reads, of its partitions and of the jobs, however many there are of others", async () => {
    const types = newTypes();
    const addedAt = (ms: number) => new Date(ADDED_AT + ms).toISOString();
    const others = Array.from({ length: 1_100 }, (_, ms) =>
      buildJob({ type: types[0], owner: "many", createdAt: addedAt(10 + Math.floor(ms / 3)) }),
    );
    const behind = buildJob({ type: types[0], owner: "few", createdAt: addedAt(5) });
    const oldest = buildJob({ type: types[1], owner: "few", createdAt: addedAt(0) });
    await put([...others, behind, oldest]);
    const calls = recordCalls(emulators.dynamoDb);
    expect(await list({ owner: "few", types, limit: 2 })).toEqual({ jobs: [behind, oldest] });
    expect(await list({ owner: "few", types: [types[1]], limit: 2 })).toEqual({ jobs: [oldest] });
    expect(calls.map(({ command }) => command)).toEqual([
      ...["BatchGetItemCommand", "QueryCommand", "BatchGetItemCommand"],
      ...["BatchGetItemCommand", "QueryCommand", "BatchGetItemCommand"],
    ]);
  });

  it("looks at a bounded number of jobs for few of many, over pages that may be empty, with places of the caller's own", async () => {
    const [type] = newTypes();
    const addedAt = (index: number) => new Date(ADDED_AT + Math.floor(index / 10)).toISOString();
    const jobs = Array.from({ length: 2_400 }, (_, index) =>
      buildJob({
        ...{ type, createdAt: addedAt(index), owner: index % 2 === 0 ? "one" : "other" },
        ...(index % 800 === 2 ? { status: "FAILED", tags: { rare: "yes" } } : { tags: { rare: "no" } }),
      }),
    );
    await put(jobs);
    const rare = jobs.filter(({ status }) => status === "FAILED");
    for (const query of [
      { owner: "one", statuses: ["FAILED"] },
      { owner: "one", tags: ["rare:yes"] },
      { tags: ["rare:yes"] },
    ] as const) {
      const calls = recordCalls(emulators.dynamoDb);
      const found = await pages({ types: [type], limit: 1, ...query });
      expect(found.flat().map(({ id }) => id)).toEqual(idsNewestFirst(rare));
      expect(calls.length / found.length).toBeLessThan(25);
    }
  });

  it("goes on through a batch in one partition, of a type that spread its jobs only later", async () => {
    const [type] = newTypes();
    const added = idsNewestFirst(Array.from({ length: 300 }, () => buildJob({ type })));
    await put(added.map((id, index) => buildJob({ id, type, tags: { rare: index % 299 === 0 ? "yes" : "no" } })));
    await raiseListPartitions(emulators.dynamoDb, emulators.jobsTableName, type, 32);
    const found = await pages({ types: [type], tags: ["rare:yes"], limit: 1 });
    expect(found.flat().map(({ id }) => id)).toEqual([added[0], added[299]]);
  });

  it("names no other owner's job in a place to go on from", async () => {
    const [type] = newTypes();
    const jobs = Array.from({ length: 1_500 }, (_, index) =>
      buildJob({ type, createdAt: new Date(ADDED_AT + index).toISOString(), owner: index % 2 === 0 ? "mine" : "theirs" }),
    );
    await put(jobs);
    const others = new Set(jobs.filter(({ owner }) => owner === "theirs").map(({ createdAtId }) => createdAtId));
    let after: string | undefined;
    do {
      const page: JobPage = await list({
        owner: "mine",
        tags: ["none:here"],
        limit: 1,
        ...(after === undefined ? {} : { after }),
      });
      expect(page.jobs).toEqual([]);
      after = page.next;
      expect(others.has(after ?? "")).toBe(false);
    } while (after !== undefined);
  });

  it("shows jobs as they are now, not as the index saw them", async () => {
    const [type] = newTypes();
    const job = buildJob({ type });
    await put([job]);
    await store.transition(job, "claim", { now: ADDED_AT, writeId: "claim", leaseOwner: "w", leaseExpiresAt: ADDED_AT });
    expect((await list({ types: [type], limit: 10 })).jobs).toEqual([await store.get(job.id)]);
  });

  it("leaves out a job that has left the status that was asked for, or is gone", async () => {
    const [type] = newTypes();
    const jobs = [buildJob({ type }), buildJob({ type }), buildJob({ type })] as const;
    await put(jobs);
    const moved = buildJob({ ...jobs[0], status: "RUNNING" });
    const lagging = { getMany: async () => [moved, jobs[2]] } as unknown as JobStore;
    const query = { types: [type], statuses: ["QUEUED"], limit: 10 } as const;
    const { jobs: listed } = await listJobs(emulators.dynamoDb, emulators.jobsTableName, lagging, query);
    expect(listed).toEqual([jobs[2]]);
  });

  it("passes over entries that another type's worker made, however many, and goes on from no place of theirs", async () => {
    const [type, other] = newTypes();
    const own = [buildJob({ type }), buildJob({ type, createdAt: new Date(ADDED_AT - 1).toISOString() })];
    const { typeStatus } = own[0] as StoredJob;
    const foreign = Array.from({ length: 1_100 }, () => buildJob({ type: other }));
    const strange = { tags: 2n ** 60n, version: 2n ** 60n } as unknown as Partial<StoredJob>;
    await put([...own, ...foreign.map((job, index) => ({ ...job, ...strange, typeStatus, createdAtId: `9999 ${index}` }))]);
    expect((await pages({ types: [type], limit: 1 })).map((page) => page.map(({ id }) => id))).toEqual([
      [own[0]?.id],
      [own[1]?.id],
    ]);
  });

  it("leaves out what is larger than any job, and shows the jobs around it", async () => {
    const types = newTypes();
    const [newest, oldest] = [1, 0].map((ms) => buildJob({ type: types[0], createdAt: new Date(ADDED_AT + ms).toISOString() }));
    const bloated = Array.from({ length: 20 }, () =>
      buildJob({ type: types[1], error: { code: "E", message: "x".repeat(380_000) } }),
    );
    await put([newest as StoredJob, oldest as StoredJob]);
    for (const job of bloated) await put([job]);
    expect((await pages({ types, limit: 10 })).flat()).toEqual([newest, oldest]);
  });

  it("ends a page where one more job would not fit into an answer, and goes on with that job", async () => {
    const types = newTypes();
    // In the string that an answer is, each quote takes four bytes: in its JSON two, and each of these is escaped again.
    const large = Array.from({ length: 60 }, (_, ms) =>
      buildJob({
        type: types[ms % 2] as string,
        createdAt: new Date(ADDED_AT + ms).toISOString(),
        error: { code: "E", message: '"'.repeat(60_000) },
      }),
    );
    for (let start = 0; start < large.length; start += 10) await put(large.slice(start, start + 10));
    const found = await pages({ types, limit: 100 });
    expect(found.flat().map(({ id }) => id)).toEqual(idsNewestFirst(large));
    for (const page of found) {
      const body = `{"items":[${page.map((job) => jobJson(job)).join(",")}]}`;
      expect(Buffer.byteLength(JSON.stringify({ statusCode: 200, body }))).toBeLessThan(6_000_000);
    }
    expect(found.map(({ length }) => length)).toEqual([22, 22, 16]);
  });

  it("goes on from no place that only a worker can have made of its own job", async () => {
    const types = newTypes();
    const job = buildJob({ type: types[0] });
    const misplaced = { ...buildJob({ type: types[1] }), createdAtId: "zzz" };
    await put([job, misplaced]);
    expect(await list({ types, limit: 1 })).toEqual({ jobs: [job] });
  });

  it("has nothing to show for types without jobs, or no types at all", async () => {
    expect(await list({ types: newTypes(), limit: 10 })).toEqual({ jobs: [] });
    expect(await list({ types: [], limit: 10 })).toEqual({ jobs: [] });
  });
});
