import { writeFile } from "node:fs/promises";
import path from "node:path";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localWorkerLines } from "../../cli/logs/worker-lines.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { type CliPlatform, startCliPlatform } from "./cli-platform.ts";
import { jobsOnTerminal } from "./terminal.ts";

/** What operators do, against the whole platform. */

let platform: CliPlatform;
let jobs: CliPlatform["jobs"];

beforeAll(async () => {
  platform = await startCliPlatform(["canary"]);
  ({ jobs } = platform);
});
afterAll(async () => {
  await platform.stop();
});

const added = async (input: object, ...args: string[]): Promise<string> => {
  const { documents, stderr } = await jobs(["add", "canary", "--input", JSON.stringify(input), ...args]);
  expect(stderr).toBe("");
  return documents[0]!.id;
};

describe("jobs logs", () => {
  it("has the lines of all attempts of one job, in order", async () => {
    const id = await added({ op: "flaky", failures: 1 }, "--wait");
    await added({ op: "echo", value: 1 }, "--wait");
    const { code, documents } = await jobs(["logs", id]);
    expect(code).toBe(0);
    expect(new Set(documents.map(({ jobId }) => jobId))).toEqual(new Set([id]));
    const attempts = documents.map(({ attempt }) => attempt);
    expect(new Set(attempts)).toEqual(new Set([1, 2]));
    expect(attempts).toEqual(attempts.toSorted());
    expect(documents.at(-1)).toMatchObject({ message: "job succeeded" });
  });

  it("are beside what get tells of its attempts", async () => {
    const id = await added({ op: "flaky", failures: 1 }, "--wait");
    const { plain } = await jobsOnTerminal(["get", id], { cwd: platform.folder, columns: 160 });
    expect(plain).toMatch(/^ {2}attempt 1 +failed at .* after .*: .*: /m);
    expect(plain).toMatch(/^ {2}attempt +2 of 3$/m);
  });

  it("follows a job to its end", async () => {
    const id = await added({ op: "sleep", seconds: 2 });
    const { documents } = await jobs(["logs", id, "--follow"]);
    expect(documents.at(-1)).toMatchObject({ jobId: id, message: "job succeeded" });
  });

  it("says where no worker has begun", async () => {
    const id = await added({ op: "echo", value: 1 }, "--delay", "1h");
    expect(await jobs(["logs", id])).toMatchObject({
      code: 0,
      stdout: "",
      stderr: `No worker has taken the job up yet: jobs why ${id}; what its workers said: jobs logs canary\n`,
    });
  });

  it("has what the last worker of a type said, also what is of no job and no JSON", async () => {
    await added({ op: "echo", value: 1 }, "--wait");
    const { code, documents } = await jobs(["logs", "canary"]);
    expect(code).toBe(0);
    expect(documents).toContainEqual(expect.objectContaining({ message: "job succeeded" }));
    expect(await jobs(["logs", "canari"])).toMatchObject({
      code: 1,
      stderr: 'jobs: there is no job type "canari"; there are: canary\n',
    });
    expect(await jobs(["logs", "canary", "--follow"])).toMatchObject({ code: 2 });

    const folder = await temporaryFolder("logs");
    await writeFile(path.join(folder, "word-0a1b2c3d.log"), '{"_aws":{}}\n\nError: no library\n    at worker.mjs:1\n');
    await writeFile(path.join(folder, "word-count-0a1b2c3d.log"), "{}\n");
    await writeFile(path.join(folder, "word-1a1b2c3d.log"), "");
    const lines = await localWorkerLines(folder, "word");
    expect(lines.map(({ members }) => members.message)).toEqual(["Error: no library", "    at worker.mjs:1"]);
    expect(lines.map(({ text }) => JSON.parse(text))).toEqual(lines.map(({ members }) => members));
    expect(await localWorkerLines(folder, "etl")).toEqual([]);
  });
});

describe("jobs redrive", () => {
  it("shows the jobs of dead letters, asks, and adds each anew", async () => {
    const ids = [await added({ op: "echo", value: 1 }, "--delay", "1h"), await added({ op: "echo", value: 2 }, "--delay", "1h")];
    const QueueUrl = platform.resources.queues.get("canary")!.deadLetters.url;
    for (const MessageBody of ids) await platform.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    expect((await jobs(["wait", ...ids])).documents).toMatchObject([
      { error: { code: "DeadLettered" } },
      { error: { code: "DeadLettered" } },
    ]);

    const shown = await jobs(["redrive", "canary", "--dry-run"]);
    expect(shown.documents.map(({ id }) => id).sort()).toEqual(ids.toSorted());
    expect((await jobs(["redrive", "canary", "--error", "nothing like it", "--dry-run"])).documents).toEqual([]);

    const refused = await jobsOnTerminal(["redrive", "canary"], {
      cwd: platform.folder,
      types: [{ after: "[y/N]", keys: "n\r" }],
    });
    expect(refused.code).toBe(1);
    expect(refused.plain).toContain(`Retry 2 jobs at ${platform.api}? [y/N]`);
    expect(refused.plain).toContain("Nothing was changed.");

    const redriven = await jobsOnTerminal(["redrive", "canary"], {
      cwd: platform.folder,
      types: [{ after: "[y/N]", keys: "y\r" }],
    });
    expect(redriven.code).toBe(0);
    expect(redriven.plain).toContain("2 jobs added anew.");
    const again = await jobs(["redrive", "canary", "--yes"]);
    expect((await jobs(["wait", "-"], again.stdout)).documents.map(({ result }) => result)).toEqual(
      expect.arrayContaining([{ value: 1 }, { value: 2 }]),
    );
    expect(again.documents.map(({ retryOf }) => retryOf).sort()).toEqual(ids.toSorted());
  });
});

describe("a type that is paused", () => {
  it("takes jobs, and is shown by types and doctor, until it is resumed", async () => {
    const paused = await jobs(["pause", "canary", "--reason", "the disk is full"]);
    expect(paused.documents).toMatchObject([{ name: "canary", paused: { by: expect.any(String), reason: "the disk is full" } }]);
    const id = await added({ op: "echo", value: 1 });
    const { plain } = await jobsOnTerminal(["types", "canary"], { cwd: platform.folder });
    expect(plain).toMatch(/^canary +paused /m);
    expect(plain).toMatch(/^paused by .* since .*: the disk is full$/m);
    const { documents } = await jobs(["doctor"]);
    expect(documents).toContainEqual(expect.objectContaining({ check: "paused", fix: "jobs resume canary" }));
    expect((await jobs(["resume", "canary"])).documents[0]).not.toHaveProperty("paused");
    expect((await jobs(["wait", id])).code).toBe(0);
  });

  it("says which types there are, where one is named that there is not", async () => {
    const { code, stderr } = await jobs(["pause", "canery"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^jobs: UnknownJobType: .*\n$/);
  });
});

describe("jobs why and status", () => {
  it("say why a job waits, as JSON and for people", async () => {
    const id = await added({ op: "echo", value: 1 }, "--delay", "2h");
    expect((await jobs(["why", id])).documents).toMatchObject([{ code: "WaitsForDelay" }]);
    const { plain } = await jobsOnTerminal(["why", id], { cwd: platform.folder });
    expect(plain).toMatch(new RegExp(`^${id}  WaitsForDelay\\n\\n.+\\n→ .+\\n\\n.*runAt  `, "s"));
    await jobs(["cancel", id]);
  });

  it("show each type", async () => {
    const { documents } = await jobs(["status"]);
    expect(documents).toMatchObject([{ name: "canary", waiting: expect.any(Number), tasks: { max: expect.any(Number) } }]);
    const { plain } = await jobsOnTerminal(["status", "canary"], { cwd: platform.folder });
    expect(plain).toMatch(/^TYPE +WAITING +RUNNING +DELAYED +(OLDEST +)?TASKS/);
    expect(plain).toMatch(/^canary +\d+ +\d+ +\d+ /m);
  });

  it("show the last hours as well", async () => {
    const { documents } = await jobs(["status", "canary", "--hours", "1"]);
    expect(documents).toMatchObject([{ name: "canary", series: { points: expect.any(Array) } }]);
    const { plain } = await jobsOnTerminal(["status", "canary", "--hours", "1"], { cwd: platform.folder });
    expect(plain).toMatch(/^canary, the last hour(\n {2}\w+ +[▁▂▃▄▅▆▇█·]+ .*)*/m);
  });

  it("go on showing it until Ctrl-C", async () => {
    const args = ["status", "--watch", "--interval", "0.5"];
    const { code, plain } = await jobsOnTerminal(args, { cwd: platform.folder, types: [{ after: "canary", keys: "\u0003" }] });
    expect(code).toBe(0);
    expect(plain).toContain("Ctrl-C to leave");
  });
});

describe("jobs doctor", () => {
  it("finds nothing wrong with a platform that runs", async () => {
    const { code, documents } = await jobs(["doctor"]);
    expect(documents.filter(({ status }) => status === "wrong")).toEqual([]);
    expect(code).toBe(0);
    expect(documents.map(({ check }) => check)).toEqual(
      expect.arrayContaining(["Node", "address", "credentials", "API", "job types"]),
    );
  });
});
