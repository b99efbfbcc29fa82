import { describe, expect, it } from "vitest";
import { afterFile, cleanUpFile } from "./after-file.ts";

describe("what is to be done after a file's tests", () => {
  it("is done once, and all of it", async () => {
    const done: string[] = [];
    afterFile(() => done.push("one"));
    afterFile(async () => done.push("another"));
    await cleanUpFile();
    await cleanUpFile();
    expect(done.sort()).toEqual(["another", "one"]);
  });
});
