import { chmod, mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { folderDigest, type ImageContent, imageTag } from "../../scripts/image-tag.ts";

const PACKAGE = { path: "node_modules/a", source: "node_modules/a", direct: true, locked: { version: "1.0.0", integrity: "i" } };
const CONTENT: ImageContent = {
  dockerfile: "FROM scratch",
  bundleDigest: "bundle",
  packages: [PACKAGE],
  platform: "linux/arm64",
};

describe("the tag of an image", () => {
  it("is sixteen digits that a registry takes, the same for the same content", () => {
    expect(imageTag(CONTENT)).toMatch(/^[0-9a-f]{16}$/);
    expect(imageTag(structuredClone(CONTENT))).toBe(imageTag(CONTENT));
  });

  it("does not depend on where the checkout has the packages", () => {
    expect(imageTag({ ...CONTENT, packages: [{ ...PACKAGE, source: "jobs/a/node_modules/a" }] })).toBe(imageTag(CONTENT));
  });

  it.each<[string, Partial<ImageContent>]>([
    ["the Dockerfile", { dockerfile: "FROM other" }],
    ["the bundle", { bundleDigest: "other" }],
    ["a package's version", { packages: [{ ...PACKAGE, locked: { ...PACKAGE.locked, version: "1.0.1" } }] }],
    ["a package's content", { packages: [{ ...PACKAGE, locked: { ...PACKAGE.locked, integrity: "j" } }] }],
    ["a package's place", { packages: [{ ...PACKAGE, path: "node_modules/b/node_modules/a" }] }],
    ["the platform", { platform: "linux/amd64" }],
  ])("changes with %s", (_, change) => {
    expect(imageTag({ ...CONTENT, ...change })).not.toBe(imageTag(CONTENT));
  });
});

describe("the digest of a bundle", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "image-tag-test-"));
    await mkdir(path.join(folder, "bundle", "bin"), { recursive: true });
    await writeFile(path.join(folder, "bundle", "worker.mjs"), "");
    await writeFile(path.join(folder, "bundle", "bin", "job.sh"), "#!/bin/sh");
  });
  afterEach(() => rm(folder, { recursive: true }));
  const digest = async () => await folderDigest(path.join(folder, "bundle"));
  const file = (name: string) => path.join(folder, "bundle", name);

  it.each([
    ["times", () => utimes(file("worker.mjs"), new Date("2001-02-03"), new Date("2001-02-03"))],
    ["a umask", () => chmod(file("worker.mjs"), 0o600)],
    ["a link to packages", () => symlink(folder, file("node_modules"), "dir")],
  ])("is not changed by %s", async (_, change) => {
    const before = await digest();
    await change();
    expect(await digest()).toBe(before);
  });

  it.each([
    ["a byte", () => writeFile(file("worker.mjs"), "1")],
    ["another file", () => writeFile(file("other.mjs"), "")],
    ["a name", () => rename(file("worker.mjs"), file("main.mjs"))],
    ["what may be executed", () => chmod(file("bin/job.sh"), 0o755)],
  ])("is changed by %s", async (_, change) => {
    const before = await digest();
    await change();
    expect(await digest()).not.toBe(before);
  });
});
