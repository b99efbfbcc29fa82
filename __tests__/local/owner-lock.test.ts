import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Readable, Writable } from "node:stream";
import { pathToFileURL } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { processOwner } from "../../domain/process-owner.ts";
import { takeOwnerLock } from "../../local/owner-lock.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const MODULE = pathToFileURL(path.resolve("local/owner-lock.ts")).href;
/** Says that it is loaded, takes the lock when it is told to, and says who has it. */
const TAKER = `
import { once } from "node:events";
import { takeOwnerLock } from ${JSON.stringify(MODULE)};
console.log("ready");
await once(process.stdin, "data");
console.log(takeOwnerLock(process.argv[1])?.pid ?? process.pid);
await once(process.stdin, "end");
`;

const children: ChildProcessByStdio<Writable, Readable, null>[] = [];
function taker(file: string) {
  const child = spawn(process.execPath, ["--input-type=module", "-e", TAKER, file], { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  return child;
}
afterEach(async () => {
  await Promise.all(
    children.splice(0).map(async (child) => {
      const ended = once(child, "exit");
      child.stdin.end();
      await ended;
    }),
  );
});

const DEAD = processOwner().replace(/\d+$/, "1");

describe("a lock of many who start at once", () => {
  it.each([
    ["that nobody has", {}],
    ["of one who died", { "": { owner: DEAD, pid: 1 } }],
    [
      "of one who died, as did one who was about to replace it",
      { "": { owner: DEAD, pid: 1 }, ".replacing": { owner: DEAD, pid: 2 } },
    ],
  ])("%s is one's", async (_, left) => {
    const file = path.join(await temporaryFolder("lock"), "in-use-by.json");
    for (const [end, owner] of Object.entries(left)) await writeFile(`${file}${end}`, JSON.stringify(owner));
    const takers = Array.from({ length: 6 }, () => taker(file));
    await Promise.all(takers.map(({ stdout }) => once(stdout, "data")));
    const said = takers.map(async ({ stdin, stdout }) => {
      const answer = once(stdout, "data");
      stdin.write("go\n");
      return Number(String(await answer));
    });
    const owners = await Promise.all(said);
    const { pid } = JSON.parse(await readFile(file, "utf8"));
    expect(takers.filter((child, index) => owners[index] === child.pid).map((child) => child.pid)).toEqual([pid]);
    expect((await readdir(path.dirname(file))).filter((name) => name !== path.basename(file))).toEqual([]);
  });

  it("is not taken from one who lives, and is replaced where it was cut off", async () => {
    const file = path.join(await temporaryFolder("lock"), "in-use-by.json");
    await writeFile(file, "{");
    expect(takeOwnerLock(file)).toBeUndefined();
    expect(takeOwnerLock(file)).toMatchObject({ pid: process.pid });
    expect(existsSync(`${file}.replacing`)).toBe(false);
  });
});
