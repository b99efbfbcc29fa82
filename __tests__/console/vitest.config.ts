import { defineConfig, mergeConfig } from "vitest/config";
import { shared } from "../../vitest.shared.ts";

/** `npm run test:console`: the console's page in a browser, Chromium. One file after the other, as each starts one. */
const config = mergeConfig(
  shared,
  defineConfig({ test: { root: new URL("../..", import.meta.url).pathname, fileParallelism: false, testTimeout: 120_000 } }),
);
// Merging lists would add to the fast tests.
config.test.include = ["__tests__/console/**/*.console-test.ts"];

export default config;
