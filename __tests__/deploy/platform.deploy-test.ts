import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type DeployedPlatform, startDeployedPlatform } from "./deployed-platform.ts";
import { cli } from "./platform/cli.ts";
import { schedules } from "./platform/schedules.ts";
import { wiring } from "./platform/wiring.ts";

/**
 * What was deployed, at work. One file after the other, as all of it is one platform: files of Vitest run side by side, and would take each
 * other's messages. The wiring is first, while no worker has polled a queue and nothing is in one.
 */
describe("the deployed platform", () => {
  let platform: DeployedPlatform | undefined;
  const on = (): DeployedPlatform => {
    if (platform === undefined) throw new Error("what was deployed has not started");
    return platform;
  };
  beforeAll(async () => {
    platform = await startDeployedPlatform(inject("deployment"));
  });
  afterAll(async () => await platform?.stop());

  for (const part of [wiring, schedules, cli]) part(on);

  it("leaves nothing behind that went wrong", () => {
    expect(on().lambdas.ended).toEqual([]);
    expect(on().events.problems).toEqual([]);
  });
});
