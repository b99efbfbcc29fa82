import { buildWhenChanged } from "./build-when-changed.ts";
import { CLI } from "./builds.ts";
import { failed } from "./failed.ts";

/**
 * Makes the command `jobs` a package.
 *
 * @example
 * ```sh
 * node scripts/build-cli.ts                # to dist/cli, unless it is there as it would be made
 * node scripts/build-cli.ts <folder>
 * ```
 */
async function buildCli([folder]: readonly string[]): Promise<void> {
  if (folder === undefined) await buildWhenChanged(CLI);
  else await (await import("./cli-package.ts")).buildCliPackage(folder);
}

buildCli(process.argv.slice(2)).catch(failed);
