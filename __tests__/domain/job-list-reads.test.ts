import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JobStatus, StoredJob } from "../../domain/job.ts";
import { JobItems } from "../../domain/job-items.ts";
import { type JobPage, type JobQuery, listJobs } from "../../domain/job-list.ts";
import { ADDED_AT, buildJob } from "../support/build-job.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";

let emulators: Emulators;
let items: JobItems;
beforeAll(async () => {
  emulators = await startEmulators();
  items = new JobItems(emulators.dynamoDb, emulators.jobsTableName);
});
afterAll(async () => emulators.stop());

const PARTITIONS = 32;
let reads: string[] = [];
/** IDs of jobs that are gone, while the index, which lags, still has their entries. */
const gone = new Set<string>();
const counted: Pick<JobItems, "getMany"> = {
  getMany: async (ids, options) => {
    reads.push(...ids);
    return (await items.getMany(ids, options)).filter(({ id }) => !gone.has(id));
  },
};
const list = async (query: JobQuery): Promise<JobPage> => {
  reads = [];
  return await listJobs(emulators.dynamoDb, emulators.jobsTableName, counted, query);
};

/** @returns the jobs that were added, the newest first. */
async function add(owner: string, count: number, statusOf: (index: number) => JobStatus): Promise<StoredJob[]> {
  const jobs = Array.from({ length: count }, (_, index) => {
    const createdAt = new Date(ADDED_AT + index).toISOString();
    return buildJob({ owner, createdAt, status: statusOf(index) }, PARTITIONS);
  });
  for (let start = 0; start < count; start += 100) {
    await Promise.all(jobs.slice(start, start + 100).map(async (job) => await items.create(job, ADDED_AT)));
  }
  return jobs.reverse();
}

/** @returns the IDs of all pages, and how many jobs each read. */
async function pages(query: JobQuery): Promise<{ readonly ids: string[]; readonly read: number[] }> {
  const ids: string[] = [];
  const read: number[] = [];
  for (let after: string | undefined; ; ) {
    const page = await list({ ...query, ...(after === undefined ? {} : { after }) });
    ids.push(...page.jobs.map(({ id }) => id));
    read.push(reads.length);
    if (page.next === undefined) return { ids, read };
    after = page.next;
  }
}

describe("a list of an owner's jobs by state, over 32 partitions", () => {
  it("reads the jobs of its page and no others", async () => {
    const jobs = await add("owner of a page", 640, () => "RUNNING");
    const page = await list({ owner: "owner of a page", statuses: ["RUNNING"], limit: 100 });
    expect(page).toEqual({ jobs: jobs.slice(0, 100), next: jobs[99]?.createdAtId });
    expect(reads).toEqual(page.jobs.map(({ id }) => id));
  });

  it("reads on where jobs are in other states or gone, and has each of the others once", async () => {
    const owner = "owner of some";
    const jobs = await add(owner, 320, (index) => (index % 3 === 0 ? "FAILED" : "RUNNING"));
    const failed = jobs.filter(({ status }) => status === "FAILED").map(({ id }) => id);
    for (const [index, id] of failed.entries()) if (index % 5 === 0) gone.add(id);
    const { ids, read } = await pages({ owner, statuses: ["FAILED"], limit: 20 });
    expect(ids).toEqual(failed.filter((id) => !gone.has(id)));
    expect(Math.max(...read)).toBeLessThanOrEqual(160);
  });

  it("stops after 1,000 jobs in other states, and goes on there with the next page", async () => {
    const owner = "owner of many";
    const jobs = await add(owner, 1_300, (index) => (index === 0 ? "FAILED" : "RUNNING"));
    const { ids, read } = await pages({ owner, statuses: ["FAILED"], limit: 10 });
    expect(ids).toEqual([jobs.at(-1)?.id]);
    expect(Math.max(...read)).toBeLessThanOrEqual(1_100);
    expect(read.length).toBeLessThanOrEqual(3);
  });
});
