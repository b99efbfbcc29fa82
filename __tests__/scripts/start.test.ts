import { spawnSync } from "node:child_process";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { START_USAGE } from "../../local/start-settings.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** Runs `npm start` where nothing could be built. */
async function start(...args: readonly string[]) {
  const cwd = await temporaryFolder("start");
  const program = path.resolve("scripts/start.ts");
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { cwd, encoding: "utf8" });
  return { status, stdout, stderr };
}

describe("npm start", () => {
  it("says how it is used before it builds", async () => {
    expect(await start("--help")).toEqual({ status: 0, stdout: `${START_USAGE}\n`, stderr: "" });
  });

  it("says which setting is wrong before it builds", async () => {
    expect(await start("--speed", "fast")).toEqual({
      status: 1,
      stdout: "",
      stderr: '--speed is "fast"; allowed: a number from 0.01 to 1000\n',
    });
    expect(await start("--sped", "2")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("--speed N, --max-workers N"),
    });
  });
});
