import { copyFile, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { runProgram } from "./run-program.ts";

const SOURCE = "client";
const MODULE = { types: "./*.d.ts", default: "./*.js" };

/**
 * Makes the client a package that any project can install: JavaScript, and its types. It is compiled for browsers, so what only Node has is
 * an error.
 *
 * @example
 * ```sh
 * node scripts/build-client.ts                # to dist/client
 * node scripts/build-client.ts <folder>
 * ```
 */
async function buildClient(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await runProgram(process.execPath, ["node_modules/typescript/bin/tsc", "-p", SOURCE, "--outDir", folder]);
  const { private: _, devDependencies: __, ...manifest } = JSON.parse(await readFile(path.join(SOURCE, "package.json"), "utf8"));
  const published = { ...manifest, exports: { "./*": MODULE }, engines: { node: ">=22" } };
  await writeFile(path.join(folder, "package.json"), `${JSON.stringify(published, null, 2)}\n`);
  await copyFile(path.join(SOURCE, "README.md"), path.join(folder, "README.md"));
}

await buildClient(process.argv[2] ?? "dist/client");
