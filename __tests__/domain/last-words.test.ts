import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isBatchId } from "../../domain/batch-id.ts";
import { isJobId } from "../../domain/job-id.ts";
import { type LastWords, LastWordsStore, lastWordsId } from "../../domain/last-words.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";

const NOW = Date.parse("2026-11-01T03:00:00.000Z");
const WORDS: LastWords = {
  kind: "claim",
  error: { code: "AccessDeniedException", message: "not authorized to perform: dynamodb:UpdateItem" },
  worker: "0123456789abcdef0123456789abcdef",
  image: "4a5b6c7d8e9f",
  at: new Date(NOW).toISOString(),
};

let emulators: Emulators;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(async () => {
  await emulators.stop();
});

const storeOf = (jobType: string) => new LastWordsStore(emulators.dynamoDb, emulators.jobsTableName, jobType);

describe("a worker's last words", () => {
  it("are an item of the type's that is neither a job nor a batch", () => {
    expect(lastWordsId("report")).toBe("report_worker");
    expect([isJobId, isBatchId].map((is) => is(lastWordsId("report")))).toEqual([false, false]);
  });

  it("are read as they were written, for a day; the newest take the place of all others", async () => {
    const store = storeOf("read");
    expect(await store.read(NOW)).toBeUndefined();
    await store.write(WORDS);
    expect(await store.read(NOW)).toEqual(WORDS);
    expect(await store.read(NOW + 86_400_000)).toBeUndefined();
    const { image: _, ...newer } = { ...WORDS, kind: "start" as const, at: new Date(NOW + 1).toISOString() };
    await store.write(newer);
    expect(await store.read(NOW)).toEqual(newer);
  });

  it("have a time to live, and no key of an index", async () => {
    await storeOf("kept").write(WORDS);
    const { Item } = await emulators.dynamoDb.send(
      new GetCommand({ TableName: emulators.jobsTableName, Key: { id: "kept_worker" } }),
    );
    expect(Item).toEqual({ id: "kept_worker", ...WORDS, expiresAt: NOW / 1_000 + 86_400 });
  });

  it("are withdrawn by the worker that wrote them, and by no other", async () => {
    const store = storeOf("withdrawn");
    await store.write(WORDS);
    const other = { worker: "another", at: WORDS.at };
    await expect(store.withdraw(other)).rejects.toThrow(expect.objectContaining({ name: "ConditionalCheckFailedException" }));
    expect(await store.read(NOW)).toEqual(WORDS);
    await store.withdraw(WORDS);
    expect(await store.read(NOW)).toBeUndefined();
    await store.write(WORDS);
    expect(await store.read(NOW)).toEqual(WORDS);
  });

  it.each([
    ["of another kind", { kind: "boast" }],
    ["without an error", { error: "none" }],
    ["whose message is longer than any", { error: { code: "E", message: "x".repeat(1_001) } }],
    ["whose time is none", { at: "now" }],
    ["that live for ever", { expiresAt: "never" }],
  ])("are not read where they are words %s", async (name, strange) => {
    const jobType = name.replaceAll(/\W/g, "-");
    const item = { id: lastWordsId(jobType), ...WORDS, expiresAt: NOW / 1_000 + 60, ...strange };
    await emulators.dynamoDb.send(new PutCommand({ TableName: emulators.jobsTableName, Item: item }));
    expect(await storeOf(jobType).read(NOW)).toBeUndefined();
  });
});
