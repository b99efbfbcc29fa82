import { defineConfig, mergeConfig } from "vitest/config";
import { shared } from "../../vitest.shared.ts";

/** `npm run test:image`: builds images and runs them, which takes minutes and needs root. */
const config = mergeConfig(
  shared,
  defineConfig({ test: { root: new URL("../..", import.meta.url).pathname, testTimeout: 120_000, hookTimeout: 900_000 } }),
);
// Merging lists would add to the fast tests.
config.test.include = ["__tests__/image/**/*.image-test.ts"];

export default config;
