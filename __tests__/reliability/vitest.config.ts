import { defineConfig, mergeConfig } from "vitest/config";
import { shared } from "../../vitest.shared.ts";
import { LongestFirst } from "./longest-first.ts";

/** `npm run test:reliability`: the whole proof, and the report on it. `npm test` runs a sample of each part. */
const config = mergeConfig(
  shared,
  defineConfig({
    test: {
      // The soak, the real processes and the overload wait more than they work, so that five files at a time keep two cores busy.
      maxWorkers: 5,
      // Worlds are made and thrown away by the thousand: with room for the young, V8 collects them for less.
      execArgv: ["--max-semi-space-size=64"],
      root: new URL("../..", import.meta.url).pathname,
      sequence: { sequencer: LongestFirst },
      globalSetup: "__tests__/reliability/report/global-setup.ts",
      // Only for what hangs: the longest take 15 minutes on two cores, and more beside other loads.
      testTimeout: 3_000_000,
      hookTimeout: 600_000,
    },
  }),
);
// Merging lists would add to the fast tests.
config.test.include = ["__tests__/reliability/**/*.reliability-test.ts"];

export default config;
