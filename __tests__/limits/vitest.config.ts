import { defineConfig, mergeConfig } from "vitest/config";
import { shared } from "../../vitest.shared.ts";

/**
 * `npm run test:limits`: the files beside others that end in `.limits-test.ts`. They take workers and jobs to their limits, with hundreds of
 * megabytes or the longest inputs, which takes minutes of CPU.
 */
const config = mergeConfig(
  shared,
  defineConfig({ test: { root: new URL("../..", import.meta.url).pathname, testTimeout: 300_000 } }),
);
// Merging lists would add to the fast tests.
config.test.include = ["{__tests__,jobs}/**/*.limits-test.ts"];

export default config;
