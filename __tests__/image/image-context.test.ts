import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeImageContext } from "../../scripts/image-context.ts";
import { filesOf, imageContent } from "../../scripts/image-tag.ts";

const PLATFORM = { os: "linux", cpu: "x64", libc: "glibc" };
let checkout: string;
beforeEach(async () => {
  checkout = await mkdtemp(path.join(tmpdir(), "image-context-test-"));
  await write("package-lock.json", JSON.stringify({ packages: { "node_modules/a": { version: "1.0.0" } } }));
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

async function context(name = "context"): Promise<string> {
  const folder = path.join(checkout, name);
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

const tag = async (folder: string, ...settings: string[]): Promise<string> => (await imageContent(folder, settings)).tag;

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

  it("has the same tag wherever and with whatever umask it was made", async () => {
    const first = await tag(await context("first"));
    await chmod(path.join(checkout, "bundle/worker.mjs"), 0o600);
    expect(await tag(await context("second"))).toBe(first);
    expect(first).toMatch(/^[0-9a-f]{16}$/);
  });

  it.each([
    ["a byte", () => write("bundle/worker.mjs", "1")],
    ["a name", () => write("bundle/other.mjs", "")],
    ["a package", () => write("node_modules/a/index.js", "")],
    ["the Dockerfile", () => write("Dockerfile", "FROM other")],
    ["what may be executed", () => chmod(path.join(checkout, "bundle/bin/job.sh"), 0o755)],
  ])("has another tag when %s changes", async (_, change) => {
    const before = await tag(await context("before"));
    await change();
    expect(await tag(await context("after"))).not.toBe(before);
  });

  it("has another tag for another platform", async () => {
    const folder = await context();
    expect(await tag(folder, "linux/arm64")).not.toBe(await tag(folder, "linux/amd64"));
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
