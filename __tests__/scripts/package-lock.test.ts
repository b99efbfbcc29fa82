import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { isVerifiable, type PackageLock } from "../../scripts/image-packages.ts";

describe("package-lock.json", () => {
  it("has the hash of every package, also of those for other platforms, which npm install here passes over", async () => {
    const { packages } = JSON.parse(await readFile("package-lock.json", "utf8")) as PackageLock;
    const unverifiable = Object.entries(packages).filter(([source, locked]) => !isVerifiable(source, locked));
    expect(Object.keys(packages).length).toBeGreaterThan(100);
    // Add what `npm view <package>@<version> dist.integrity` prints.
    expect(unverifiable.map(([source, { version }]) => `${source} ${version}`)).toEqual([]);
  });
});
