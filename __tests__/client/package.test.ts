import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, symlink } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { beforeAll, expect, it } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { answeredJob, json, standInApi } from "./stand-in-api.ts";

const api = await standInApi();
let project: string;
let own: string;

/** A project of another kind, with the client as npm would install it, and what that needs; nothing of this repository. */
beforeAll(async () => {
  project = await temporaryFolder("project");
  own = path.join(project, "node_modules", "@autoscaling-job-queues", "client");
  await promisify(execFile)(process.execPath, ["scripts/build-client.ts", own]);
  for (const name of ["@aws-crypto", "@smithy", "@aws-sdk", "@aws", "tslib"]) {
    await mkdir(path.dirname(path.join(project, "node_modules", name)), { recursive: true });
    await symlink(path.resolve("node_modules", name), path.join(project, "node_modules", name));
  }
});

/** Adds a job under credentials, and keeps its ID. */
const program = (keep: string): string => `
  import { JobsClient } from "@autoscaling-job-queues/client/jobs-client";
  const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
  const jobs = new JobsClient({ url: ${JSON.stringify(api.url)}, iam: { region: "us-east-1", credentials } });
  ${keep}(jobs.add("report", { month: "2026-11" }).then(({ id }) => id));`;

function expectSigned(): void {
  expect(api.seen).toHaveLength(1);
  expect(api.seen[0]!.headers.authorization).toContain("Credential=AKIDEXAMPLE/");
}

it("the client is a package of JavaScript and types", async () => {
  const manifest = JSON.parse(await readFile(path.join(own, "package.json"), "utf8"));
  expect(manifest).not.toHaveProperty("private");
  const names = (await readdir(own)).filter((name) => name.startsWith("jobs-client"));
  expect(names.sort()).toEqual(["jobs-client.d.ts", "jobs-client.js"]);
});

it("the package signs with what it lists", async () => {
  api.answer = (_, response) => json(response, 202, answeredJob("report_1"));
  const print = "const print = async (id) => console.log(await id);";
  const args = ["--input-type=module", "-e", `${print}${program("print")}`];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: project });
  expect(stdout).toBe("report_1\n");
  expectSigned();
});

it("the package is bundled for browsers, and runs with what they have", async () => {
  api.answer = (_, response) => json(response, 202, answeredJob("report_1"));
  const stdin = { contents: program("keep"), resolveDir: project };
  const { outputFiles, warnings } = await build({ stdin, bundle: true, platform: "browser", write: false, logLevel: "silent" });
  expect(warnings).toEqual([]);
  let id: Promise<string> | undefined;
  const keep = (given: Promise<string>) => {
    id = given;
  };
  const streams = { Blob, ReadableStream, Response, Headers, TextDecoder, TextEncoder };
  const browser = { ...streams, fetch, URL, AbortController, AbortSignal, crypto, setTimeout, clearTimeout };
  runInContext(outputFiles[0]!.text, createContext({ ...browser, keep }));
  expect(await id).toBe("report_1");
  expectSigned();
});
