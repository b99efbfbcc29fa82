import { describe, expect, it } from "vitest";
import { imagePackages, type LockedPackage, type PackageRoot } from "../../scripts/image-packages.ts";

const ARM = { os: "linux", cpu: "arm64", libc: "glibc" };
const ROOTS: readonly PackageRoot[] = [{ folder: "jobs/report", names: ["a"] }];

function layoutOf(packages: Record<string, LockedPackage>, roots = ROOTS): Record<string, string> {
  return Object.fromEntries(imagePackages({ packages }, roots, ARM).map(({ path, source }) => [path, source]));
}

/** Of packages whose hashes are all there. */
function layout(packages: Record<string, LockedPackage>, roots = ROOTS): Record<string, string> {
  const hashed = Object.entries(packages).map(([source, locked]) => [source, { integrity: "sha512-hash", ...locked }] as const);
  return layoutOf(Object.fromEntries(hashed), roots);
}

describe("the packages of an image", () => {
  it("are those that the workspaces name, and what these depend on, and no others", () => {
    const packages = {
      "node_modules/a": { version: "1.0.0", dependencies: { b: "^1.0.0" } },
      "node_modules/b": { version: "1.2.0", dependencies: { a: "^1.0.0" } },
      "node_modules/unused": { version: "1.0.0" },
    };
    expect(layout(packages)).toEqual({ "node_modules/a": "node_modules/a", "node_modules/b": "node_modules/b" });
  });

  it("are the versions that the workspace itself would load", () => {
    const packages = { "node_modules/a": { version: "1.0.0" }, "jobs/report/node_modules/a": { version: "2.0.0" } };
    expect(layout(packages)).toEqual({ "node_modules/a": "jobs/report/node_modules/a" });
  });

  it("keep a second version beside the package that needs it", () => {
    const packages = {
      "node_modules/a": { version: "1.0.0", dependencies: { b: "^1.0.0", c: "^1.0.0" } },
      "node_modules/b": { version: "1.0.0" },
      "node_modules/c": { version: "1.0.0", dependencies: { b: "^2.0.0" } },
      "node_modules/c/node_modules/b": { version: "2.0.0" },
    };
    expect(layout(packages)).toMatchObject({
      "node_modules/b": "node_modules/b",
      "node_modules/c/node_modules/b": "node_modules/c/node_modules/b",
    });
  });

  it("keep bundled packages inside of the one that brings them", () => {
    const packages = {
      "node_modules/a": { version: "1.0.0", dependencies: { b: "1", c: "1" } },
      "node_modules/a/node_modules/b": { version: "1.0.0", inBundle: true, dependencies: { c: "1" } },
      "node_modules/a/node_modules/c": { version: "1.0.0", inBundle: true },
    };
    expect(Object.keys(layout(packages))).toEqual(Object.keys(packages));
  });

  it("include of a native package the build for the image's platform alone", () => {
    const packages = {
      "node_modules/a": { version: "1.0.0", optionalDependencies: { "a-arm": "1", "a-musl": "1", "a-x64": "1", "a-any": "1" } },
      "node_modules/a-arm": { version: "1.0.0", os: ["linux"], cpu: ["arm64"], libc: ["glibc"] },
      "node_modules/a-musl": { version: "1.0.0", os: ["linux"], cpu: ["arm64"], libc: ["musl"] },
      "node_modules/a-x64": { version: "1.0.0", os: ["linux"], cpu: ["x64"], libc: ["glibc"] },
      "node_modules/a-any": { version: "1.0.0", os: ["!win32"] },
    };
    expect(Object.keys(layout(packages))).toEqual(["node_modules/a", "node_modules/a-any", "node_modules/a-arm"]);
  });

  it("leave out an optional package that suits no Linux", () => {
    const packages = {
      "node_modules/a": { version: "1.0.0", optionalDependencies: { fsevents: "1" } },
      "node_modules/fsevents": { version: "1.0.0", os: ["darwin"] },
    };
    expect(Object.keys(layout(packages))).toEqual(["node_modules/a"]);
  });

  it("are those of the lock, so that one without its hash is refused, wherever it comes from", () => {
    const a = { version: "1.0.0", integrity: "sha512-hash", dependencies: { "@team/b": "1" } };
    const b = { version: "1.0.0" };
    expect(() => layoutOf({ "node_modules/a": a, "node_modules/@team/b": b })).toThrow(
      "package-lock.json has no integrity of node_modules/@team/b 1.0.0; add what npm view @team/b@1.0.0 dist.integrity prints",
    );
    expect(() => layoutOf({ "node_modules/a": { ...a, integrity: "" } })).toThrow("no integrity of node_modules/a 1.0.0");
  });

  it("may come without a hash in a package that has one", () => {
    const a = { version: "1.0.0", integrity: "sha512-hash", dependencies: { b: "1" } };
    const b = { version: "1.0.0", inBundle: true };
    expect(Object.keys(layoutOf({ "node_modules/a": a, "node_modules/a/node_modules/b": b }))).toHaveLength(2);
  });

  it("need no hash where they do not go into the image", () => {
    const a = { version: "1.0.0", integrity: "sha512-hash", optionalDependencies: { "a-mac": "1" } };
    const mac = { version: "1.0.0", os: ["darwin"] };
    expect(Object.keys(layoutOf({ "node_modules/a": a, "node_modules/a-mac": mac }))).toEqual(["node_modules/a"]);
  });

  it.each<[string, Record<string, LockedPackage>, string]>([
    ["a package is not locked", {}, "jobs/report: the package a is not in package-lock.json; run npm install"],
    [
      "a package is a workspace",
      { "node_modules/a": { link: true } },
      "jobs/report: the package a is a folder of this repository; list it in devDependencies, to be bundled",
    ],
    [
      "the lock has no build for the platform",
      {
        "node_modules/a": { version: "1.5.0", optionalDependencies: { "a-arm": "1.5.0", "a-x64": "1.5.0" } },
        "node_modules/a-x64": { version: "1.5.0", os: ["linux"], cpu: ["x64"] },
      },
      "package-lock.json has no build of a 1.5.0 for linux/arm64 (glibc); choose a version that has one, or another platform",
    ],
  ])("cannot be told when %s", (_, packages, message) => {
    expect(() => layout(packages)).toThrow(message);
  });

  it("cannot hold two versions that the worker and the job both load", () => {
    const packages = { "node_modules/a": { version: "1.0.0" }, "jobs/report/node_modules/a": { version: "2.0.0" } };
    const roots = [{ folder: "worker", names: ["a"] }, ...ROOTS];
    expect(() => layout(packages, roots)).toThrow("jobs/report needs another version of a than the worker, 1.0.0; use that one");
  });
});
