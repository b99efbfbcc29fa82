import { type StdioOptions, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";

/** Beyond those that Node itself looks after. */
const INHERITED = 60;

/** What a child of a program has open, where the program was started with a file more than it knows of. */
async function openInChild(before: string): Promise<string[]> {
  const file = openSync("/etc/passwd", "r");
  const stdio = Array.from({ length: INHERITED + 1 }, () => "ignore") as ("ignore" | "pipe" | "inherit" | number)[];
  stdio.splice(1, 2, "pipe", "inherit");
  stdio[INHERITED] = file;
  const module = new URL("../../../../worker/runners/commands/inherited-descriptors.ts", import.meta.url).href;
  const program = `
    import { spawnSync } from "node:child_process";
    import { closeInheritedDescriptors } from ${JSON.stringify(module)};
    ${before}
    console.log(spawnSync("sh", ["-c", "ls /proc/self/fd"]).stdout.toString());`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: stdio as StdioOptions });
  closeSync(file);
  return (await text(child.stdout as NodeJS.ReadableStream)).trim().split("\n");
}

describe("the file descriptors that a worker was started with", () => {
  it("are closed, so that its commands do not get them", async () => {
    expect(await openInChild("")).toContain(String(INHERITED));
    // The fourth is that of the list.
    expect(await openInChild("closeInheritedDescriptors();")).toEqual(["0", "1", "2", "3"]);
  });
});
