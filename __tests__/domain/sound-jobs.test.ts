import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StoredJob } from "../../domain/job.ts";
import { listJobs } from "../../domain/job-list.ts";
import { JobStore } from "../../domain/job-store.ts";
import { MAX_FILES, MAX_ITEM_PAYLOAD_BYTES, MAX_MESSAGE_CHARACTERS, MAX_TAGS, MAX_UPLOAD_BYTES } from "../../domain/limits.ts";
import { payloadKeys } from "../../domain/payload.ts";
import { ADDED_AT, buildJob } from "../support/build-job.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";

let emulators: Emulators;
let store: JobStore;

beforeAll(async () => {
  emulators = await startEmulators();
  store = new JobStore(emulators.dynamoDb, emulators.jobsTableName);
});
afterAll(async () => emulators.stop());

async function stored(overrides: Partial<StoredJob> = {}): Promise<StoredJob> {
  const job = buildJob(overrides);
  await store.create(job, ADDED_AT);
  return job;
}

describe("an item whose ID begins with another type than its own", () => {
  it("is not a job", async () => {
    const { id } = buildJob({ type: "canary" });
    await stored({ id, type: "document" });
    const own = await stored({ type: "document" });
    expect(await store.get(id)).toBeUndefined();
    expect(await store.getMany([id, own.id])).toEqual([own]);
  });
});

describe("an item whose files are none", () => {
  it.each(["text", null, [null], { data: null }, { data: { bytes: "3" } }, { data: { bytes: 3, contentType: "a/b", key: "k" } }])(
    "is not a job: %j",
    async (files) => {
      const { id } = await stored({ files } as unknown as Partial<StoredJob>);
      expect(await store.get(id)).toBeUndefined();
    },
  );
});

describe("an item whose members are of other kinds than a job's", () => {
  it.each<object>([
    { tags: null },
    { tags: { team: 7 } },
    { error: null },
    { error: { code: { toString: 1 }, message: "m" } },
    { progress: null },
    { attempts: 5 },
    { attempts: [null] },
    { startedAt: ["now"] },
    { groupId: { toString: 1 } },
    { attempt: "one" },
  ])("is in no list: %j", async (members) => {
    const type = "listed";
    const nasty = await stored({ type, ...members } as Partial<StoredJob>);
    const own = await stored({ type });
    const query = { types: [type], limit: 100 };
    const { jobs } = await listJobs(emulators.dynamoDb, emulators.jobsTableName, store, query);
    expect(jobs).toContainEqual(own);
    expect(jobs.map(({ id }) => id)).not.toContain(nasty.id);
  });

  it("is what a list has where they are a job's", async () => {
    const told = await stored({
      ...{
        type: "told",
        status: "RUNNING",
        tags: { team: "docs" },
        error: { code: "E", message: "m" },
        progress: { fraction: 0.5 },
      },
      attempts: [
        {
          ...{ attempt: 1, startedAt: "2026-11-01T03:00:00.000Z", endedAt: "2026-11-01T03:00:01.000Z", outcome: "retry" },
          ...{ error: { code: "E", message: "m" }, worker: "task-1", image: "4a5b" },
        },
      ],
    });
    const query = { types: ["told"], limit: 100 };
    expect((await listJobs(emulators.dynamoDb, emulators.jobsTableName, store, query)).jobs).toEqual([told]);
  });
});

describe("an item that is larger than any job", () => {
  it("is not a job", async () => {
    const bloated = await stored({ error: { code: "E", message: "x".repeat(380_000) } });
    const own = await stored();
    expect(await store.get(bloated.id)).toBeUndefined();
    expect(await store.getMany([bloated.id, own.id])).toEqual([own]);
  });

  it("is none that this system writes, however much is said of the job", async () => {
    // Each character takes as many bytes as one can, in DynamoDB or in JSON.
    const long = (characters: number) => "\u0001".repeat(characters);
    const everything = {
      status: "RUNNING",
      input: JSON.stringify("x".repeat(MAX_ITEM_PAYLOAD_BYTES - 2)),
      checkpoint: { number: 1, value: JSON.stringify("x".repeat(MAX_ITEM_PAYLOAD_BYTES - 2)) },
      error: { code: "E".repeat(64), message: long(MAX_MESSAGE_CHARACTERS) },
      progress: { fraction: 0.5, message: long(MAX_MESSAGE_CHARACTERS) },
      tags: Object.fromEntries(
        Array.from({ length: MAX_TAGS }, (_, index) => [`${"\u20ac".repeat(126)}${index}`, "\u20ac".repeat(256)]),
      ),
      files: Object.fromEntries(
        Array.from({ length: MAX_FILES }, (_, index) => {
          const name = `${"f".repeat(31)}${index}`;
          const key = payloadKeys.upload("t".repeat(32), "anybody", "0".repeat(26), name);
          return [name, { bytes: MAX_UPLOAD_BYTES, contentType: `a/${"b".repeat(254)}`, key, etag: `"${"e".repeat(64)}"` }];
        }),
      ),
      groupId: "g".repeat(128),
      owner: long(2_048),
    } as const;
    const largest = await stored(everything);
    expect(await store.get(largest.id)).toEqual(largest);
  });
});
