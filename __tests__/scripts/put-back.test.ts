import { setImmediate as turn } from "node:timers/promises";
import { DeleteTableCommand } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StoredJob } from "../../domain/job.ts";
import { JobItems } from "../../domain/job-items.ts";
import { listJobs } from "../../domain/job-list.ts";
import { createTable, tableInput } from "../../local/aws/tables.ts";
import { forEachItem } from "../../scripts/jobs-items.ts";
import { putBack } from "../../scripts/put-back.ts";
import { marksOf } from "../../scripts/put-mark-back.ts";
import { ADDED_AT, buildJob } from "../support/build-job.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";

const RESTORED = "jobs-restored";
const TYPES = ["letter", "report"];
const OWNER = "owner of all";
/** The marks of both types and of all, each of which is written twice at first, and three jobs of each type. */
const WRITES = 12;

let emulators: Emulators;
let dynamoDb: DynamoDBDocumentClient;
beforeAll(async () => {
  emulators = await startEmulators();
  ({ dynamoDb } = emulators);
  await createTable(dynamoDb, tableInput("jobs", RESTORED));
  const adder = new JobItems(dynamoDb, RESTORED);
  const jobs = TYPES.flatMap((type) => Array.from({ length: 3 }, () => buildJob({ type, owner: OWNER }, 8)));
  for (const job of jobs) await adder.create(job, ADDED_AT);
});
afterAll(async () => emulators.stop());

/** A client of a process that ends after so many writes. */
function breaksOff(writes: number): DynamoDBDocumentClient {
  let left = writes;
  const send = async (command: { readonly constructor: { readonly name: string } }) => {
    await turn();
    if (command.constructor.name === "PutCommand") left -= 1;
    if (left < 0) throw new Error("broken off");
    return await dynamoDb.send(command as never);
  };
  return { ...dynamoDb, send } as unknown as DynamoDBDocumentClient;
}

async function putAllBack(table: string, client: DynamoDBDocumentClient): Promise<number> {
  const sender = { send: async () => undefined, sendFor: async () => undefined, unsound: [] };
  const putMarkBack = marksOf({ client, from: RESTORED, table, dryRun: false });
  const settings = { client, table, sender, putMarkBack, replace: new Set<string>(), now: () => ADDED_AT };
  let puts = 0;
  await forEachItem(dynamoDb, RESTORED, undefined, async (item) => {
    if ((await putBack(item, settings)) === "putBack") puts += 1;
  });
  return puts;
}

const sorted = (jobs: readonly StoredJob[]): string[] => jobs.map(({ id }) => id).sort();

describe("a put-back of jobs that their types spread over partitions", () => {
  it.each(Array.from({ length: WRITES }, (_, writes) => [writes]))(
    "has lists find each job that is there where it breaks off after %i writes, and the rest when it is run again",
    async (writes) => {
      const table = `jobs-after-${writes}`;
      await createTable(dynamoDb, tableInput("jobs", table));
      const items = new JobItems(dynamoDb, table);
      const isFound = async (): Promise<number> => {
        const { Items = [] } = await dynamoDb.send(new ScanCommand({ TableName: table }));
        const there = sorted((Items as StoredJob[]).filter(({ typeStatus }) => typeStatus !== undefined));
        for (const query of [{ types: TYPES }, { owner: OWNER }]) {
          expect(sorted((await listJobs(dynamoDb, table, items, { ...query, limit: 100 })).jobs)).toEqual(there);
        }
        return there.length;
      };
      await expect(putAllBack(table, breaksOff(writes))).rejects.toThrow("broken off");
      await isFound();
      await putAllBack(table, dynamoDb);
      expect(await isFound()).toBe(6);
      await dynamoDb.send(new DeleteTableCommand({ TableName: table }));
    },
  );

  it("counts each mark once, and nothing when all is there", async () => {
    const table = "jobs-after-all";
    await createTable(dynamoDb, tableInput("jobs", table));
    expect(await putAllBack(table, breaksOff(WRITES))).toBe(9);
    expect(await putAllBack(table, dynamoDb)).toBe(0);
  });
});
