import { chmod, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { buildConsole } from "./build-console.ts";
import type { Made } from "./build-when-changed.ts";
import { bundle, madeOf } from "./bundle.ts";
import { NODE_BUNDLE } from "./esbuild-options.ts";

const SOURCE = "cli";

/**
 * Makes the command `jobs` a package that any machine with Node can install: JavaScript that holds all that it needs. What few calls need,
 * such as what signs requests, is in files of its own, which are read when it is used; the page of its console is in a folder.
 *
 * @param folder where it is put, anew.
 */
export async function buildCliPackage(folder: string): Promise<Made> {
  await rm(folder, { recursive: true, force: true });
  const main = path.join(folder, "main.mjs");
  const entryPoints = [path.join(SOURCE, "main.ts")];
  const program = await bundle({ ...NODE_BUNDLE, target: "node22", entryPoints, outdir: folder, splitting: true });
  const page = await buildConsole(path.join(folder, "console"));
  await chmod(main, 0o755);
  const {
    private: _,
    dependencies: __,
    devDependencies: ___,
    ...manifest
  } = JSON.parse(await readFile(path.join(SOURCE, "package.json"), "utf8"));
  const published = { ...manifest, bin: { jobs: "./main.mjs" }, engines: { node: ">=22.12" } };
  await writeFile(path.join(folder, "package.json"), `${JSON.stringify(published, null, 2)}\n`);
  return madeOf([program, page]);
}
