import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiEvent } from "../../handlers/api-event.ts";
import { CONTEXT } from "../../handlers/api-under-test.ts";
import { buildRegistryEntry } from "../../support/build-registry-entry.ts";
import { ApiWorld } from "./api-world.ts";
import { runTwoOwners } from "./owners.ts";
import { runRawRequests } from "./run-raw-requests.ts";
import { runRequests } from "./run-requests.ts";

describe("the API under hostile input", () => {
  let world: ApiWorld;
  beforeAll(async () => {
    world = await ApiWorld.start();
  });
  afterAll(async () => {
    await world.stop();
  });

  it("answers every request as its description says", async () => {
    await runRequests(world, { cases: 280 });
  });

  it("shows nothing of another owner's jobs", async () => {
    await runTwoOwners(world, { cases: 4 });
  });

  it("answers any bytes, or closes", async () => {
    await runRawRequests(world, { cases: 60 });
  });

  it("accepts no job of a type without a queue", async () => {
    const { handler, queueUrl, registry, store } = world.api;
    await registry.register(buildRegistryEntry("queueless", { queueUrl: `${queueUrl}-no-more` }));
    const newJobId = () => "queueless_01K91ABCDEFGHJKMNPQRSTVWXZ";
    const event = apiEvent("addJob", { body: { type: "queueless", input: {} } });
    const { statusCode } = await handler({ newJobId })(event, CONTEXT);
    expect(statusCode).toBeGreaterThanOrEqual(500);
    expect(await store.get(newJobId())).toBeUndefined();
  });

  it("breaks no invariant", async () => {
    const { problems } = await world.verdict();
    expect(problems).toEqual([]);
  });
});
