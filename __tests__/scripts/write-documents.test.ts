import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { writeDocuments } from "../../scripts/write-documents.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

let file: string;
let says: ReturnType<typeof vi.spyOn>;
beforeEach(async () => {
  file = path.join(await temporaryFolder("documents"), "capacity.md");
  says = vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => says.mockRestore());

const write = async (content: string, ...args: string[]): Promise<number> =>
  await writeDocuments("npm run capacity", async () => ({ [file]: content }), args);

describe("a command that writes documents", () => {
  it("writes them, and says of each that is checked whether it says the same", async () => {
    expect(await write("one", "--check")).toBe(1);
    expect(says).toHaveBeenLastCalledWith(`${file} does not say what is so; run: npm run capacity`);
    expect(await write("one")).toBe(0);
    expect(await write("one", "--check")).toBe(0);
    expect(await write("two", "--check")).toBe(1);
    expect(await readFile(file, "utf8")).toBe("one");
  });

  it.each([["--help"], ["--check=no"], ["docs"]])("takes no %s, and writes nothing then", async (argument) => {
    expect(await write("one", argument)).toBe(2);
    expect(says).toHaveBeenCalledExactlyOnceWith(expect.stringContaining("takes no arguments but --check"));
    await expect(readFile(file)).rejects.toThrow("ENOENT");
  });
});
