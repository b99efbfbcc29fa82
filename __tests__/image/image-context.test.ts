import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeImageContext } from "../../scripts/image-context.ts";
import { filesOf } from "../../scripts/image-tag.ts";

const PLATFORM = { os: "linux", cpu: "x64", libc: "glibc" };
let checkout: string;
beforeEach(async () => {
  checkout = await mkdtemp(path.join(tmpdir(), "image-context-test-"));
  await write(
    "package-lock.json",
    JSON.stringify({ packages: { "node_modules/a": { version: "1.0.0", integrity: "sha512-hash" } } }),
  );
  await write("node_modules/a/package.json", '{"name":"a","version":"1.0.0"}');
  await write("node_modules/a/index.js", "module.exports = 1;");
  await write("node_modules/a/index.d.ts", "export {};");
  await write("node_modules/a/index.js.map", "{}");
  await write("node_modules/unused/index.js", "");
  await write("bundle/worker.mjs", "");
  await write("bundle/bin/job.sh", "#!/bin/sh");
  await write("bundle/node_modules/a/index.js", "");
  await write("Dockerfile", "FROM scratch");
});
afterEach(() => rm(checkout, { recursive: true }));

async function write(file: string, content: string): Promise<void> {
  await mkdir(path.join(checkout, path.dirname(file)), { recursive: true });
  await writeFile(path.join(checkout, file), content);
}

async function context(): Promise<string> {
  const folder = path.join(checkout, "context");
  await writeImageContext(folder, {
    checkout,
    bundle: path.join(checkout, "bundle"),
    dockerfile: path.join(checkout, "Dockerfile"),
    roots: [{ folder: "worker", names: ["a"] }],
    platform: PLATFORM,
    installed: PLATFORM,
  });
  return folder;
}

describe("the folder that an image is built from", () => {
  it("holds the bundle and the packages outside of it, and nothing that Node does not load", async () => {
    expect(await filesOf(await context())).toEqual([
      "Dockerfile",
      "app/bin/job.sh",
      "app/worker.mjs",
      "node_modules/a/index.js",
      "node_modules/a/package.json",
    ]);
  });

  it("cannot be made without a build", async () => {
    await rm(path.join(checkout, "bundle"), { recursive: true });
    await expect(context()).rejects.toThrow(/worker\.mjs is missing; run npm run build$/);
  });

  it.each([
    ["is missing", () => rm(path.join(checkout, "node_modules/a"), { recursive: true })],
    ["is version 1.0.1 and not 1.0.0", () => write("node_modules/a/package.json", '{"version":"1.0.1"}')],
  ])("cannot be made when an installed package %s", async (problem, change) => {
    await change();
    await expect(context()).rejects.toThrow(`node_modules/a ${problem}; run npm ci`);
  });
});
