import { describe, expect, it } from "vitest";
import { ApiWorld } from "./api-world.ts";
import { runTwoOwners } from "./owners.ts";
import { NO_REPLAY } from "./replay.ts";
import { runRequests } from "./run-requests.ts";
import { WRONG_APIS } from "./wrong-apis.ts";

const FIRST_FAILURE = { ...NO_REPLAY, endOnFailure: true };

describe("the checks of hostile input", () => {
  it.each(WRONG_APIS)("notice %s", async (_, settings, found) => {
    const world = await ApiWorld.start(settings);
    try {
      await expect(runRequests(world, 300, FIRST_FAILURE)).rejects.toThrow(found);
    } finally {
      await world.stop();
    }
  });

  it("notice an acceptance that stored nothing", async () => {
    const lossy = { get: async () => undefined, create: async (job: never) => ({ applied: true as const, job }) };
    const world = await ApiWorld.start({ parts: { store: lossy as never } });
    try {
      await expect(runRequests(world, 100, FIRST_FAILURE)).rejects.toThrow("it shows what no commit made");
      expect((await world.verdict()).problems.join()).toContain("invariant 1");
    } finally {
      await world.stop();
    }
  });

  it("notice another owner's job that shows", async () => {
    const world = await ApiWorld.start({ parts: { access: "account" } });
    try {
      await expect(runTwoOwners(world, 2, FIRST_FAILURE)).rejects.toThrow("differs for");
    } finally {
      await world.stop();
    }
  });
});
