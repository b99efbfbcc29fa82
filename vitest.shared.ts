import { fileURLToPath, pathToFileURL } from "node:url";
import { defineConfig } from "vitest/config";

/** A font that is imported gives its URL, as in the bundles (scripts/esbuild-options.ts). */
const fonts = {
  name: "fonts",
  enforce: "pre" as const,
  load: (id: string) => (id.endsWith(".ttf") ? `export default ${JSON.stringify(pathToFileURL(id).href)}` : undefined),
};

/** What `npm test` and the longer suites have in common. */
export const shared = defineConfig({
  plugins: [fonts],
  test: {
    environment: "node",
    pool: "forks",
    setupFiles: [fileURLToPath(new URL("__tests__/support/setup-file.ts", import.meta.url))],
    maxWorkers: 2,
    // Time limits are for what hangs: with four other loads on two cores, a test takes ten times as long as alone.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    expect: { poll: { timeout: 45_000 } },
    env: {
      // Keys that no AWS account knows: a test that misses its emulator cannot reach anything real.
      ...{ AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local", AWS_PROFILE: "" },
      // Node warns on standard error where it cannot read them, also between the lines of what a test starts.
      NODE_EXTRA_CA_CERTS: "",
      // Tests start hundreds of threads and processes from the sources, and two thirds of that time would go to compiling them again.
      NODE_COMPILE_CACHE: fileURLToPath(new URL("node_modules/.cache/compiled", import.meta.url)),
    },
  },
});
