import { chown, mkdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { connect } from "../../cli/connect.ts";
import { localPlatform } from "../../cli/local-platform.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const API = "http://127.0.0.1:3000";
/** Of nobody who runs tests. */
const ANOTHER_USER = 54_321;
let checkout: string;
let file: string;

async function write(platform: object): Promise<void> {
  await writeFile(file, JSON.stringify(platform));
}

beforeEach(async () => {
  checkout = await temporaryFolder("checkout");
  file = path.join(checkout, ".local", "endpoints.json");
  await mkdir(path.join(checkout, ".local"));
  await mkdir(path.join(checkout, "docs"));
  await write({ api: API, pid: process.pid });
});

describe("the platform on this machine", () => {
  it("is found from every folder of its checkout", () => {
    expect(localPlatform(path.join(checkout, "docs"))).toMatchObject({ api: API });
  });

  it("is not what another user has left in a folder above", async () => {
    const { uid } = await stat(file);
    // Root's file is everybody's, and root alone may give one to another.
    if (uid === 0) await chown(file, ANOTHER_USER, ANOTHER_USER);
    expect(localPlatform(path.join(checkout, "docs"), uid === 0 ? uid : ANOTHER_USER)).toBeUndefined();
  });

  it("is on this machine, and runs", async () => {
    await write({ api: "https://example.com", pid: process.pid });
    expect(localPlatform(checkout)).toBeUndefined();
    await write({ api: "http://127.0.0.1.example.com", pid: process.pid });
    expect(localPlatform(checkout)).toBeUndefined();
    await write({ api: API, pid: 2 ** 30 });
    expect(localPlatform(checkout)).toBeUndefined();
  });

  it("learns no token, which is for another API", () => {
    const running = { api: API };
    const env = { JOBS_TOKEN: "t0ken", JOBS_API_URL: "https://jobs.example.com" };
    expect(connect(undefined, env, running)).toMatchObject({ authorization: "none", settings: { url: API, headers: {} } });
    expect(connect(env.JOBS_API_URL, env, running)).toMatchObject({ authorization: "token" });
  });
});
