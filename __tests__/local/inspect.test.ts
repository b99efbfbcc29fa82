import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ApiClient } from "../../local/api-client.ts";
import { useDebugBundles } from "../../local/debug-bundles.ts";
import { inspectorPorts } from "../../local/inspectors.ts";
import { startPlatform } from "../../local/platform.ts";
import type { Platform } from "../../local/platform-types.ts";
import { buildWorkers } from "../../scripts/build-workers.ts";
import { buildJobType } from "../modules/synthesized.ts";
import { attachDebugger, type DebuggedThread } from "./debugger-client.ts";

/** The whole platform, with a job type of each kind of handler, and a debugger that holds one. */

let folder: string;
let platform: Platform;
let api: ApiClient;
const lines: string[] = [];

/** Its lease and its time limit are far shorter than a look at a breakpoint. */
const jobType = (isolation: string) => `import { defineJobType } from "@autoscaling-job-queues/domain/job-type";
import * as z from "zod";

export default defineJobType({
  name: "${isolation}",
  description: "Adds",
  input: z.object({ a: z.number(), b: z.number() }),
  timeoutSeconds: 1,
  graceSeconds: 0,
  leaseSeconds: 3,
  isolation: "${isolation}",
  scaling: { backlogPerTask: 1 },
});
`;
const HANDLER = `import { defineJob } from "@autoscaling-job-queues/worker/define-job";
import jobType from "./job-type.ts";

export default defineJob(jobType, ({ a, b }) => {
  const theSum = a + b;
  return { theSum };
});
`;

beforeAll(async () => {
  await mkdir(".local", { recursive: true });
  folder = path.resolve(await mkdtemp(path.join(".local", "inspect-")));
  for (const isolation of ["inline", "thread"]) {
    const types = path.join(folder, "jobs", isolation);
    await mkdir(types, { recursive: true });
    await writeFile(path.join(types, "package.json"), '{ "type": "module" }\n');
    await writeFile(path.join(types, "job-type.ts"), jobType(isolation));
    await writeFile(path.join(types, "job.ts"), HANDLER);
  }
  const [bundles, roots] = [path.join(folder, "dist"), [path.join(folder, "jobs")]];
  await buildWorkers(bundles, roots, "dist/worker");
  await cp("dist/handlers", path.join(bundles, "handlers"), { recursive: true });
  const report = (line: string) => void lines.push(line);
  platform = await startPlatform({ bundles, runs: path.join(folder, "runs"), jobs: roots, report, variables: {}, inspect: "" });
  await useDebugBundles(platform, roots, report);
  api = new ApiClient(platform.api, {});
});

afterAll(async () => {
  await platform?.stop();
  await rm(folder, { recursive: true });
});

const add = async (type: string, input: unknown) => (await api.addJob({ type, input })).body.id;

/** Stops at the line of the bundle that has this text, in a thread that has loaded it or will. */
async function breakAt(thread: DebuggedThread, type: string, text: string): Promise<void> {
  const bundle = await readFile(path.join(platform.workerBundle(type).directory, "job.mjs"), "utf8");
  const lineNumber = bundle.split("\n").findIndex((line) => line.includes(text));
  expect(lineNumber).toBeGreaterThan(0);
  await thread.call("Debugger.enable");
  await thread.call("Debugger.setBreakpointByUrl", { lineNumber, urlRegex: ".*/job\\.mjs.*" });
}

async function leaseOf(id: string): Promise<number> {
  const { Item } = await platform.clients.dynamoDb.send(
    new GetCommand({ TableName: platform.resources.jobsTableName, Key: { id }, ConsistentRead: true }),
  );
  return Item?.leaseExpiresAt;
}

describe("npm start -- --inspect", () => {
  it.each(["thread", "inline"])("holds a handler at a breakpoint past its lease and its time limit: %s", async (type) => {
    // Its worker is up from here on.
    expect((await api.jobWhenEnded(await add(type, { a: 1, b: 2 }))).result).toEqual({ theSum: 3 });
    const attached = await attachDebugger(platform.inspectors.get(type) as number);
    const threads = type === "thread" ? await attached.threads("handler") : [attached.main];
    expect(threads.length).toBeGreaterThan(0);
    for (const thread of threads) await breakAt(thread, type, "return { theSum }");

    const paused = threads.map(async (thread) => ({ thread, at: await thread.next("Debugger.paused") }));
    const id = await add(type, { a: 20, b: 22 });
    const { thread, at } = await Promise.race(paused);
    const [frame] = at.callFrames as { callFrameId: string }[];
    const evaluated = await thread.call("Debugger.evaluateOnCallFrame", { ...frame, expression: "theSum" });
    expect(evaluated.result).toMatchObject({ value: 42 });

    const first = await leaseOf(id);
    await expect.poll(() => leaseOf(id)).toBeGreaterThan(first + 5_000);
    expect(await api.job(id)).toMatchObject({ status: "RUNNING", attempt: 1 });
    await thread.call("Debugger.resume");
    expect(await api.jobWhenEnded(id)).toMatchObject({ status: "SUCCEEDED", attempt: 1, result: { theSum: 42 } });
    attached.close();
    expect(lines).toEqual([]);
  });

  it("leads from the bundle to the lines that people wrote", async () => {
    const map = JSON.parse(await readFile(path.join(platform.workerBundle("thread").directory, "job.mjs.map"), "utf8"));
    const place = map.sources.findIndex((source: string) => source.endsWith("/jobs/thread/job.ts"));
    expect(map.sourcesContent[place]).toBe(HANDLER);
  });

  it("runs one worker of such a type, so that each job comes to it", async () => {
    await Promise.all([add("thread", { a: 1, b: 1 }), add("thread", { a: 2, b: 2 }), add("thread", { a: 3, b: 3 })]);
    platform.fleet.setDesiredCount("thread", 3);
    expect(platform.fleet.service("thread")).toMatchObject({ desiredCount: 1, runningCount: 1 });
  });

  it("is for handlers in TypeScript", async () => {
    const types = [buildJobType({ name: "report" }), buildJobType({ name: "words", isolation: "process", command: ["sh"] })];
    expect([...(await inspectorPorts("", types)).keys()]).toEqual(["report"]);
    await expect(inspectorPorts("words", types)).rejects.toThrow(
      '--inspect is "words"; allowed: a type with a handler in TypeScript: report',
    );
  });
});
