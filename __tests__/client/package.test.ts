import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, symlink } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { answeredJob, json, standInApi } from "./stand-in-api.ts";

const api = await standInApi();

it("the client is a package that a project of another kind installs, and signs with what it lists", async () => {
  const project = await temporaryFolder("project");
  const own = path.join(project, "node_modules", "@autoscaling-job-queues", "client");
  await promisify(execFile)(process.execPath, ["scripts/build-client.ts", own]);
  const manifest = JSON.parse(await readFile(path.join(own, "package.json"), "utf8"));
  expect(manifest).not.toHaveProperty("private");
  const names = (await readdir(own)).filter((name) => name.startsWith("jobs-client"));
  expect(names.sort()).toEqual(["jobs-client.d.ts", "jobs-client.js"]);

  // What npm would install, with what that needs; nothing of this repository.
  for (const name of ["@aws-crypto", "@smithy", "@aws-sdk", "@aws", "tslib"]) {
    await mkdir(path.dirname(path.join(project, "node_modules", name)), { recursive: true });
    await symlink(path.resolve("node_modules", name), path.join(project, "node_modules", name));
  }
  api.answer = (_, response) => json(response, 202, answeredJob("report_1"));
  const program = `
    const { JobsClient } = await import("@autoscaling-job-queues/client/jobs-client");
    const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
    const jobs = new JobsClient({ url: ${JSON.stringify(api.url)}, iam: { region: "us-east-1", credentials } });
    console.log((await jobs.add("report", { month: "2026-11" })).id);`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], { cwd: project });
  expect(stdout).toBe("report_1\n");
  expect(api.seen[0]!.headers.authorization).toContain("Credential=AKIDEXAMPLE/");
});
