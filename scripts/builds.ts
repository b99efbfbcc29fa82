import type { Build } from "./build-when-changed.ts";

/** What a build needs is loaded when something is to be built: that takes longer than to find that nothing is. */

/** `npm run build`: the Lambda bundles to dist/handlers, one worker per job type to dist/workers, the tags of their images. */
export const BUNDLES: Build = {
  name: "bundles",
  outputs: ["handlers", "worker", "workers", "worker-inputs.json", "image-tags.json"].map((name) => `dist/${name}`),
  make: async () => await (await import("./build-bundles.ts")).buildBundles(),
};

const CLI_FOLDER = "dist/cli";

/** `npm run build:cli`: the command `jobs`, with the page of its console. */
export const CLI: Build = {
  name: "cli",
  outputs: [CLI_FOLDER],
  make: async () => await (await import("./cli-package.ts")).buildCliPackage(CLI_FOLDER),
};
