import { cp, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ApiClient } from "../../../local/api-client.ts";
import { startPlatform } from "../../../local/platform.ts";
import type { Platform } from "../../../local/platform-types.ts";
import { type TypeWatch, watchTypes } from "../../../local/watch/watch-types.ts";
import { buildWorkers } from "../../../scripts/build-workers.ts";

/** The whole platform, with two job types of its own, whose sources change while it runs. */

let folder: string;
let platform: Platform;
let watch: TypeWatch;
let api: ApiClient;
const lines: string[] = [];

const source = (file: string): string => path.join(folder, file);
const write = async (file: string, content: string): Promise<void> => {
  await mkdir(path.dirname(source(file)), { recursive: true });
  await writeFile(source(file), content);
};

const jobType = (name: string, settings = "") => `import { defineJobType } from "@autoscaling-job-queues/domain/job-type";
import * as z from "zod";

export default defineJobType({
  name: "${name}",
  description: "Says what it was built of",
  input: z.strictObject({ until: z.string().optional() }),
  timeoutSeconds: 60,
  ${settings}
});
`;

/** It ends at once, or when the file of its input is there. */
const handler = (text: string) => `import { existsSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { defineJob } from "@autoscaling-job-queues/worker/define-job";
import jobType from "./job-type.ts";
import { shared } from "../../lib/shared.ts";

export default defineJob(jobType, async ({ until }, job) => {
  while (until !== undefined && !existsSync(until)) await setTimeout(20, undefined, { signal: job.signal });
  return { text: "${text}", shared, pid: process.pid };
});
`;

beforeAll(async () => {
  await mkdir(".local", { recursive: true });
  folder = path.resolve(await mkdtemp(path.join(".local", "watch-")));
  await write("lib/shared.ts", 'export const shared = "first";\n');
  for (const name of ["report", "other"]) {
    await write(`jobs/${name}/package.json`, '{ "type": "module" }\n');
    await write(`jobs/${name}/job-type.ts`, jobType(name));
    await write(`jobs/${name}/job.ts`, handler("first"));
  }
  const [bundles, roots] = [source("dist"), [source("jobs")]];
  await buildWorkers(bundles, roots, "dist/worker");
  await cp("dist/handlers", path.join(bundles, "handlers"), { recursive: true });
  const report = (line: string) => void lines.push(line);
  platform = await startPlatform({ bundles, runs: source("runs"), jobs: roots, report, variables: {}, maxWorkers: 4 });
  watch = await watchTypes({ platform, roots, built: bundles, report });
  api = new ApiClient(platform.api, {});
});

afterAll(async () => {
  await watch?.stop();
  await platform?.stop();
  await rm(folder, { recursive: true });
});

const add = async (type: string, input: unknown = {}) => (await api.addJob({ type, input })).body.id;
const run = async (type: string) =>
  (await api.jobWhenEnded(await add(type))).result as { text: string; shared: string; pid: number };
/** The next line that is told, by how it begins. */
const told = async (begin: string): Promise<string> => {
  await expect.poll(() => lines.find((line) => line.startsWith(begin))).toBeDefined();
  const line = lines.find((known) => known.startsWith(begin)) as string;
  lines.splice(lines.indexOf(line), 1);
  return line;
};

describe("npm start -- --watch", () => {
  it("builds a changed type anew, and replaces its workers and no others", async () => {
    const [report, other] = [await run("report"), await run("other")];
    expect([report.text, other.text]).toEqual(["first", "first"]);
    const [inHand, end] = [await add("other", { until: source("go-on") }), source("go-on")];
    await expect.poll(async () => (await api.job(inHand)).status).toBe("RUNNING");

    await write("jobs/report/job.ts", handler("second"));
    expect(await told("report is built anew")).toMatch(/^report is built anew in \d+\.\d s; 1 worker replaced$/);
    const again = await run("report");
    expect(again).toEqual({ text: "second", shared: "first", pid: expect.any(Number) });
    expect(again.pid).not.toBe(report.pid);

    await writeFile(end, "");
    expect(await api.jobWhenEnded(inHand)).toMatchObject({ status: "SUCCEEDED", attempt: 1, result: { pid: other.pid } });
  });

  it("lets the job in hand end in the worker that has it, and runs those that wait in a new one", async () => {
    const inHand = await add("report", { until: source("end") });
    await expect.poll(async () => (await api.job(inHand)).status).toBe("RUNNING");
    const waiting = await add("report");
    await write("jobs/report/job.ts", handler("third"));
    await told("report is built anew");
    expect(await api.jobWhenEnded(waiting)).toMatchObject({ status: "SUCCEEDED", attempt: 1, result: { text: "third" } });
    await writeFile(source("end"), "");
    expect(await api.jobWhenEnded(inHand)).toMatchObject({ status: "SUCCEEDED", attempt: 1, result: { text: "second" } });
  });

  it("tells a build error in one line with its place, goes on with the old workers, and builds when it is mended", async () => {
    await write("jobs/report/job.ts", handler("fourth").replace("return {", "return }{"));
    expect(await told("report is not built")).toMatch(
      /^report is not built, and its workers go on as they are: \S*jobs\/report\/job\.ts:9:11: Expected "\)" but found "\{"$/,
    );
    expect(await run("report")).toMatchObject({ text: "third" });
    // As editors do that write a file by renaming another.
    await write("jobs/report/job.ts.tmp", handler("fourth"));
    await rename(source("jobs/report/job.ts.tmp"), source("jobs/report/job.ts"));
    await told("report is built anew");
    expect(await run("report")).toMatchObject({ text: "fourth" });
  });

  it("builds every type that a shared file is part of", async () => {
    await write("lib/shared.ts", 'export const shared = "second";\n');
    await Promise.all([told("report is built anew"), told("other is built anew")]);
    expect([await run("report"), await run("other")]).toMatchObject([{ shared: "second" }, { shared: "second" }]);
  });

  it("registers changed settings at once, and says which wait for the next start", async () => {
    const settings = "maxAttempts: 7, leaseSeconds: 12, scaling: { maxTasks: 3 }, input: z.strictObject({ until: z.number() }),";
    await write("jobs/other/job-type.ts", jobType("other", settings).replace(/\n {2}input: .*optional.*\n/, "\n"));
    expect(await told("other is built anew")).toMatch(
      /; settings registered: input, leaseSeconds, maxAttempts, scaling; scaling when npm start is started again$/,
    );
    const response = await fetch(`${platform.api}/jobs`, { method: "POST", body: JSON.stringify({ type: "other", input: {} }) });
    expect([response.status, await response.text()]).toEqual([422, expect.stringContaining("/input/until")]);
    const { items } = (await (await fetch(`${platform.api}/job-types`)).json()) as { items: object[] };
    expect(items).toContainEqual(expect.objectContaining({ name: "other", limits: expect.objectContaining({ maxAttempts: 7 }) }));
  });

  it("refuses settings that are wrong in the words of the build", async () => {
    await write("jobs/other/job-type.ts", jobType("other", "concurrency: 0,"));
    expect(await told("other is not built")).toContain('job type "other": concurrency is 0; allowed: a whole number');
  });

  it("says what it cannot change while it runs", async () => {
    await write("jobs/report/deployment.ts", "export default () => ({});\n");
    expect(await told("deployment.ts of report")).toBe(
      "deployment.ts of report: it takes effect when npm start is started again",
    );
    await write("jobs/parcel/job-type.ts", jobType("parcel"));
    await told("the new job type parcel: it takes effect");
  });
});
