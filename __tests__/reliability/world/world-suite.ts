import { afterAll, beforeAll } from "vitest";
import { WorldPlatform } from "./world-platform.ts";

/** The platform for all tests of the file that calls it. */
export function worldSuite(): () => WorldPlatform {
  let platform: WorldPlatform;
  beforeAll(async () => {
    platform = await WorldPlatform.start();
  });
  afterAll(async () => {
    await platform.stop();
  });
  return () => platform;
}
