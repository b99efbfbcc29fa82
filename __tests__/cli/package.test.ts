import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { json, standInApi } from "../client/stand-in-api.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { cliEnvironment } from "./run-cli.ts";

const run = promisify(execFile);

describe("the package of the command", async () => {
  const api = await standInApi();
  let built: string;
  let project: string;

  /** As npm installs it for a user, on a machine that has nothing of this repository. */
  beforeAll(async () => {
    built = path.join(await temporaryFolder("package"), "cli");
    await run(process.execPath, ["scripts/build-cli.ts", built]);
    project = await temporaryFolder("installed");
    const { stdout } = await run("npm", ["pack", built, "--pack-destination", project, "--silent"], { cwd: project });
    const args = ["install", "--offline", "--no-audit", "--no-fund", "--silent", "--prefix", project];
    await run("npm", [...args, path.join(project, stdout.trim())], { cwd: project });
  });

  const jobs = async (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    await run(path.join(project, "node_modules", ".bin", "jobs"), args, {
      cwd: project,
      env: cliEnvironment({ PATH: `${path.dirname(process.execPath)}:${process.env.PATH}`, ...env }),
    });

  it("depends on nothing, and has the version of its sources", async () => {
    const installed = path.join(project, "node_modules", "@autoscaling-job-queues");
    expect(await readdir(installed)).toEqual(["cli"]);
    const manifest = JSON.parse(await readFile(path.join(installed, "cli", "package.json"), "utf8"));
    expect(manifest).not.toHaveProperty("dependencies");
    expect((await jobs(["--version"])).stdout).toBe(`${manifest.version}\n`);
  });

  it("calls the API, signed as it should be", async () => {
    api.answer = (_, response) => json(response, 200, { items: [{ name: "canary" }] });
    const keys = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret", AWS_REGION: "eu-central-1" };
    // Leads to this machine as well, and is no name of it: so the call is signed.
    const { stdout } = await jobs(["types"], { ...keys, JOBS_API_URL: api.url.replace("127.0.0.1", "0.0.0.0") });
    expect(stdout).toBe('{"name":"canary"}\n');
    expect(api.seen[0]!.headers.authorization).toContain("Credential=AKIDEXAMPLE/");
  });
});
