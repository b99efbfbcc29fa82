import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { dynamoDbDocumentClient } from "../../domain/clients.ts";
import { JobTypeRegistry, REGISTRY_PARTITION } from "../../domain/job-type-registry.ts";
import { buildRegistryEntry } from "../support/build-registry-entry.ts";
import { recordCalls } from "../support/client-middleware.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";

let emulators: Emulators;
let registry: JobTypeRegistry;

beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(async () => emulators.stop());
beforeEach(async () => {
  registry = new JobTypeRegistry(emulators.dynamoDb, emulators.jobTypesTableName);
  for (const { name } of await registry.list()) await remove(name);
});

async function remove(name: string): Promise<void> {
  const Key = { registry: REGISTRY_PARTITION, name };
  await emulators.dynamoDb.send(new DeleteCommand({ TableName: emulators.jobTypesTableName, Key }));
}

/** A schema nested deeper than DynamoDB's items. */
function deepSchema(depth: number): Record<string, unknown> {
  return depth === 0 ? { type: "string" } : { type: "object", properties: { "": deepSchema(depth - 1) } };
}

/** A registry whose clock stands still, with the reads that it makes. */
function watched() {
  const client = dynamoDbDocumentClient();
  const clock = { now: 0 };
  return {
    clock,
    reads: recordCalls(client),
    kept: new JobTypeRegistry(client, emulators.jobTypesTableName, () => clock.now),
  };
}

describe("the registry", () => {
  it("gives back what a job type registered, however deep its schema", async () => {
    const entry = buildRegistryEntry("deep", { inputSchema: deepSchema(40) });
    await registry.register(entry);
    expect(await registry.get("deep")).toEqual(entry);
    expect(await registry.list()).toEqual([entry]);
  });

  it("knows no type that was not registered", async () => {
    expect(await registry.get("unknown")).toBeUndefined();
    expect(await registry.list()).toEqual([]);
  });

  it("lists types by name, also such as fill more than one page of a query", async () => {
    const inputSchema = { description: "a".repeat(300_000) };
    for (const name of ["c", "a", "e", "b", "d"]) await registry.register(buildRegistryEntry(name, { inputSchema }));
    const { reads, kept } = watched();
    expect((await kept.list()).map(({ name }) => name)).toEqual(["a", "b", "c", "d", "e"]);
    expect(reads.length).toBeGreaterThan(1);
  });

  it("keeps the latest of what a type registered", async () => {
    await registry.register(buildRegistryEntry("report", { maxAttempts: 3 }));
    await registry.register(buildRegistryEntry("report", { maxAttempts: 5 }));
    expect(await registry.get("report")).toMatchObject({ maxAttempts: 5 });
  });
});

describe("what the registry keeps in memory", () => {
  it("is an entry, for half a minute", async () => {
    const { clock, reads, kept } = watched();
    await registry.register(buildRegistryEntry("report", { maxAttempts: 3 }));
    await kept.get("report");
    await registry.register(buildRegistryEntry("report", { maxAttempts: 5 }));
    clock.now = 29_999;
    expect(await kept.get("report")).toMatchObject({ maxAttempts: 3 });
    expect(reads).toHaveLength(1);
    clock.now = 30_000;
    expect(await kept.get("report")).toMatchObject({ maxAttempts: 5 });
    expect(reads).toHaveLength(2);
  });

  it("is not that a type is unknown: a new one can be used at once", async () => {
    const { kept } = watched();
    expect(await kept.get("report")).toBeUndefined();
    await registry.register(buildRegistryEntry("report"));
    expect(await kept.get("report")).toMatchObject({ name: "report" });
  });

  it("is forgotten with its entry", async () => {
    const { clock, kept } = watched();
    await registry.register(buildRegistryEntry("report"));
    await kept.get("report");
    await remove("report");
    clock.now = 30_000;
    expect(await kept.get("report")).toBeUndefined();
    clock.now = 30_001;
    expect(await kept.get("report")).toBeUndefined();
  });
});
