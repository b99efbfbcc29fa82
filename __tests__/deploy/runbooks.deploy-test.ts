import { afterAll, beforeAll, describe, inject } from "vitest";
import { hasProgram } from "../support/programs.ts";
import { afterADeploy } from "./runbooks/after-a-deploy.ts";
import { costs } from "./runbooks/costs.ts";
import { lostRegion } from "./runbooks/lost-region.ts";
import { pause } from "./runbooks/pause.ts";
import { restore } from "./runbooks/restore.ts";
import { type RunbookPlatform, startRunbookPlatform } from "./runbooks/runbook-platform.ts";

/**
 * The runbooks of docs/operations.md on the local AWS, in an environment of another region that is applied for them, once: their commands run
 * as they are written, with its names, in this order. It takes the AWS CLI.
 */
describe.runIf(hasProgram("aws"))("runbooks", () => {
  let platform: RunbookPlatform | undefined;
  const on = (): RunbookPlatform => {
    if (platform === undefined) throw new Error("the environment was not applied");
    return platform;
  };
  beforeAll(async () => {
    platform = await startRunbookPlatform(inject("deployment"));
  }, 900_000);
  afterAll(async () => await platform?.stop());

  for (const runbook of [lostRegion, afterADeploy, pause, costs, restore]) runbook(on);
});
