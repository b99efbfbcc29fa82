import { pathToFileURL } from "node:url";
import { defineConfig } from "vitest/config";

/** A font that is imported gives its URL, as in the bundles (scripts/esbuild-options.ts). */
const fonts = {
  name: "fonts",
  enforce: "pre" as const,
  load: (id: string) => (id.endsWith(".ttf") ? `export default ${JSON.stringify(pathToFileURL(id).href)}` : undefined),
};

export default defineConfig({
  plugins: [fonts],
  test: {
    environment: "node",
    include: ["__tests__/**/*.test.ts", "jobs/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**", "__tests__/deploy/**"],
    // A process per file: emulators, environment variables and workers of one file touch no other.
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // Keys that no AWS account knows: a test that misses its emulator cannot reach anything real.
    env: { AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local", AWS_PROFILE: "" },
  },
});
