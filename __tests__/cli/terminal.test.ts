import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { answeredJob, json, standInApi } from "../client/stand-in-api.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { CLI, cliEnvironment, runCli } from "./run-cli.ts";
import { jobsOnTerminal } from "./terminal.ts";

/** What the command shows on a terminal, with an API whose answers are chosen. */

const api = await standInApi();
const ID = "canary_01JCQ8N6V4W2X9Y7Z5T3R1P0MK";
let cwd: string;

beforeAll(async () => {
  cwd = await temporaryFolder("terminal");
  await mkdir(path.join(cwd, ".local"));
  await writeFile(path.join(cwd, ".local", "endpoints.json"), JSON.stringify({ api: api.url, pid: process.pid }));
});

const job = (members: object = {}) => ({
  ...answeredJob(ID),
  attempt: 0,
  maxAttempts: 3,
  owner: "local",
  createdAt: "2026-11-29T18:00:00.000Z",
  input: { op: "echo" },
  ...members,
});
const answerJobs = (...items: readonly object[]): void => {
  api.answer = (_, response) => json(response, 200, { items });
};

describe("on a terminal", () => {
  it("jobs are a table, with colors unless NO_COLOR says otherwise", async () => {
    answerJobs(job({ tags: { team: "docs" } }), job({ status: "FAILED", error: { code: "Error", message: "no luck" } }));
    const { screen, plain, code } = await jobsOnTerminal(["list"], { cwd });
    expect(code).toBe(0);
    expect(plain).toMatch(/^ID +STATUS +ADDED +TAGS +NOTE\n/);
    expect(plain).toMatch(new RegExp(`^${ID} +FAILED +2026-11-29 18:00:00 .*Error: no luck$`, "m"));
    expect(screen).toContain("\u001b[31mFAILED");
    const { screen: colorless } = await jobsOnTerminal(["list"], { cwd, env: { NO_COLOR: "1" } });
    expect(colorless).not.toContain("\u001b[31m");
  });

  it("a table fits into a narrow terminal, whatever the width of its characters", async () => {
    answerJobs(job({ tags: { title: "年度報告書".repeat(20) } }));
    const { plain } = await jobsOnTerminal(["list"], { cwd, columns: 90 });
    const row = plain.split("\n").find((line) => line.startsWith(ID))!;
    expect(row).toMatch(/…$/);
    // Each of those characters takes two columns.
    expect(row.length + (row.match(/[年度報告書]/g) ?? []).length).toBeLessThanOrEqual(90);
  });

  it("a terminal that says that it has no width is taken for a usual one", async () => {
    answerJobs(job({ tags: { title: "a title".repeat(20) } }));
    const { plain } = await jobsOnTerminal(["list"], { cwd, columns: 0 });
    expect(plain.split("\n").find((line) => line.startsWith(ID))).toHaveLength(80);
  });

  it("what jobs say never acts on it", async () => {
    const nasty = "\u001b]0;owned\u0007\u001b[2J\u009b31m\u202etxt.exe\r\nroot#";
    answerJobs(job({ status: "FAILED", error: { code: "Error", message: nasty }, tags: { nasty } }));
    const table = await jobsOnTerminal(["list"], { cwd, columns: 200 });
    api.answer = (_, response) => json(response, 200, job({ input: { nasty }, error: { code: "E", message: nasty } }));
    const view = await jobsOnTerminal(["get", ID], { cwd });
    // Of a record that a worker wrote which was broken into.
    api.answer = (_, response) => json(response, 200, job({ status: "constructor", startedAt: nasty, batchId: nasty }));
    const forged = await jobsOnTerminal(["get", ID], { cwd });
    api.answer = (_, response) => json(response, 200, job({ input: { nasty }, error: { code: "E", message: nasty } }));
    const document = await jobsOnTerminal(["get", ID, "--json"], { cwd });
    for (const { screen } of [table, view, forged, document]) {
      for (const acting of ["\u001b]", "\u001b[2J", "\u009b", "\u202e", "\u0007"]) expect(screen).not.toContain(acting);
      expect(screen).toContain("\\u001b]0;owned");
    }
    expect(JSON.parse(document.plain)).toMatchObject({ input: { nasty } });
  });

  it("what a type takes is put in words", async () => {
    const limits = { timeoutSeconds: 600, maxAttempts: 3, concurrency: 2, maxTasks: 4 };
    const files = { data: { description: "The table", maxBytes: 1_000_000_000, required: false, contentTypes: ["text/csv"] } };
    const inputSchema = { type: "object", properties: { n: { type: "integer", minimum: 1 } }, required: ["n"] };
    const schedules = [{ name: "nightly", expression: "cron(0 2 * * ? *)", timezone: "UTC", enabled: true }];
    answerJobs({ name: "canary", description: "Shows that jobs run", inputSchema, files, limits, schedules });
    const { plain } = await jobsOnTerminal(["types", "canary"], { cwd });
    expect(plain.split("\n").slice(2)).toEqual([
      ...["", "Input", "  n  whole number of at least 1; required"],
      ...["", "Files", "  data  at most 1 GB of text/csv; optional. The table"],
      ...["", "Schedules", "  nightly  cron(0 2 * * ? *) UTC"],
      ...["", "The JSON Schema: jobs types canary --json", ""],
    ]);
    expect((await runCli(["types", "canary"], { cwd })).documents).toMatchObject([{ inputSchema }]);
  });

  it("--json is indented there, and a line elsewhere", async () => {
    api.answer = (_, response) => json(response, 200, job());
    expect((await jobsOnTerminal(["get", ID, "--json"], { cwd })).plain).toContain(`{\n  "id": "${ID}",\n`);
    expect((await runCli(["get", ID], { cwd })).stdout).toBe(`${JSON.stringify(job())}\n`);
  });

  it("Ctrl-C ends a wait", async () => {
    api.answer = async (_, response) => {
      await setTimeout(50);
      json(response, 200, job({ status: "RUNNING", progress: { fraction: 0.4 } }));
    };
    const { plain, code } = await jobsOnTerminal(["wait", ID], { cwd, types: [{ after: "RUNNING 40%", keys: "\u0003" }] });
    expect(code).toBe(130);
    expect(plain).toMatch(/jobs: stopped\n$/);
  });

  it("Ctrl-C at a question changes nothing", async () => {
    answerJobs(job({ status: "QUEUED" }));
    const { plain, code } = await jobsOnTerminal(["cancel", "--type", "canary"], {
      cwd,
      types: [{ after: "[y/N]", keys: "\u0003" }],
    });
    expect(code).toBe(130);
    expect(plain).toContain(`Cancel 1 job at ${api.url}? [y/N]`);
    expect(api.seen.filter(({ method }) => method === "POST")).toEqual([]);
  });

  it("Ctrl-C amid many says how far it came, and the same command goes on", async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `${ID.slice(0, -2)}${String(index).padStart(2, "0")}`);
    api.answer = ({ method, url = "" }, response) => {
      if (method === "GET") return json(response, 200, { items: ids.map((id) => ({ ...job({ status: "FAILED" }), id })) });
      return json(response, 202, { ...job({ status: "QUEUED", retryOf: url.split("/")[2] }), id: `${url.split("/")[2]}A` });
    };
    const args = ["retry", "--type", "canary", "--yes", "--rate", "5"];
    const { plain, code } = await jobsOnTerminal(args, { cwd, types: [{ after: "2/40 jobs", keys: "\u0003" }] });
    expect(code).toBe(130);
    expect(plain).toMatch(/Stopped after \d+ of 40\. The same command goes on: no job is changed twice\./);
    const again = await runCli([...args.slice(0, -1), "1000"], { cwd });
    expect(again).toMatchObject({ code: 0, stderr: "40 jobs added anew.\n" });
    expect(again.documents).toHaveLength(40);
  });
});

describe("elsewhere", () => {
  it("a result is as the job gave it, to the order of its members", async () => {
    const result = '{"b":1.10,"2":12345678901234567890,"2":0}';
    api.answer = (_, response) => {
      const text = JSON.stringify(job({ status: "SUCCEEDED" })).replace(/}$/, `,"result":${result}}`);
      response.writeHead(200, { "content-type": "application/json" }).end(text);
    };
    expect((await runCli(["get", ID, "--result"], { cwd })).stdout).toBe(result);
  });

  it("files of one name are all there", async () => {
    const file = (attempt: number) => ({
      ...{ bucket: "results", key: `results/canary/${ID}/${attempt}/files/a.txt`, bytes: 1, contentType: "text/plain" },
      url: `${api.url}/${attempt}`,
    });
    api.answer = ({ url }, response) => {
      if (url.startsWith("/jobs/")) return json(response, 200, job({ status: "SUCCEEDED", result: [file(1), file(2)] }));
      response.end(url.slice(1));
    };
    const { documents } = await runCli(["get", ID, "--download", "files"], { cwd });
    expect(documents.map(({ file }) => file)).toEqual(["files/a.txt", "files/a-2.txt"]);
    expect(await readFile(path.join(cwd, "files", "a.txt"), "utf8")).toBe("1");
    expect(await readFile(path.join(cwd, "files", "a-2.txt"), "utf8")).toBe("2");
  });

  it("whoever reads may stop amid many changes: those under way end, nothing is said, and the same command goes on", async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `${ID.slice(0, -2)}${String(index).padStart(2, "0")}`);
    const closed = Promise.withResolvers<void>();
    let posts = 0;
    api.answer = async ({ method, url = "" }, response) => {
      if (method === "GET") return json(response, 200, { items: ids.map((id) => ({ ...job({ status: "FAILED" }), id })) });
      posts += 1;
      if (posts > 1) await closed.promise;
      json(response, 202, { ...job({ retryOf: url.split("/")[2] }), id: `${url.split("/")[2]}A` });
    };
    const args = ["retry", "--type", "canary", "--yes", "--rate", "1000"];
    const child = spawn(process.execPath, [CLI, ...args], { cwd, env: cliEnvironment(), stdio: ["ignore", "pipe", "pipe"] });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    await once(child.stdout, "data");
    for (const stream of [child.stdout, child.stderr]) {
      stream.destroy();
      await once(stream, "close");
    }
    closed.resolve();
    expect(await ended).toBe(141);
    expect(posts).toBeLessThan(ids.length);
    const again = await runCli(args, { cwd });
    expect(again).toMatchObject({ code: 0, stderr: "40 jobs added anew.\n" });
  });

  it("whoever reads may stop, as head does", async () => {
    answerJobs(...Array.from({ length: 5_000 }, () => job({ tags: { long: "x".repeat(200) } })));
    const command = `"${process.execPath}" "${CLI}" list --all | head -n 1; exit "\${PIPESTATUS[0]}"`;
    const child = spawn("bash", ["-c", command], { cwd, env: cliEnvironment(), stdio: ["ignore", "ignore", "pipe"] });
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr += String(chunk);
    });
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });
});
