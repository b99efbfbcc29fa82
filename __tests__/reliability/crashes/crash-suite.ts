import { describe, expect, it } from "vitest";
import type { WorldPlatform } from "../world/world-platform.ts";
import { worldSuite } from "../world/world-suite.ts";
import { REPLAYED_CASE, replay } from "./replay.ts";

/** The tests of crashes, or the one case to which the run is narrowed. */
export function crashSuite(tests: (platform: () => WorldPlatform) => void): void {
  const platform = worldSuite();
  describe("a process that dies at a call", () => {
    if (REPLAYED_CASE === undefined) {
      tests(platform);
      return;
    }
    const name = REPLAYED_CASE;
    it(`leaves no invariant broken in ${name}, to which this run is narrowed`, async () => {
      expect((await replay(platform(), name)).problems).toEqual([]);
    });
  });
}
