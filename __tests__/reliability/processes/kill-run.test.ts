import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SHORTEST_LEASE_SECONDS } from "./chaos-job-type.ts";
import { ChaosPlatform } from "./chaos-platform.ts";
import { KillRunner } from "./kill-run.ts";
import { outcomeOf } from "./kill-run-outcome.ts";
import { SMALL_RUN } from "./kill-run-settings.ts";
import { runSeed } from "./run-seed.ts";

let platform: ChaosPlatform;
beforeAll(async () => {
  platform = await ChaosPlatform.start(SHORTEST_LEASE_SECONDS);
});
afterAll(async () => {
  await platform.stop();
});

describe("workers as processes that are killed", () => {
  it("lose no job, double no result and leave none stuck", async () => {
    const seed = runSeed(20_261_123);
    const run = await new KillRunner(platform, { ...SMALL_RUN, seed }).run();
    const none: string[] = [];
    expect(outcomeOf(run, platform), `RELIABILITY_SEED=${seed}`).toEqual({
      lost: none,
      doubled: none,
      stuck: none,
      violations: none,
    });
    expect(run.accepted.size).toBe(SMALL_RUN.jobs);
    expect(run.done.kill).toBe(SMALL_RUN.actions.kill);
  }, 60_000);
});
