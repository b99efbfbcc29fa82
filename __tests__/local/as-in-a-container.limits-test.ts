import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ApiClient } from "../../local/api-client.ts";
import { makeControlGroup } from "../../local/aws/control-group.ts";
import { startPlatform } from "../../local/platform.ts";
import type { Platform } from "../../local/platform-types.ts";
import { NODE_BUNDLE } from "../../scripts/esbuild-options.ts";
import { isRunning } from "../support/processes.ts";
import { eventually } from "../support/worker-eventually.ts";

/** Jobs on the whole platform that meet the bounds of a container. */

const HOLD = "globalThis.held = Buffer.alloc(600 * 1_048_576, 1); await new Promise((resolve) => setTimeout(resolve, 600_000));";

/** Leaves a process with nothing that tells whose it is, and gives its ID. */
const DAEMON = "env -i setsid sh -c 'sleep 600 > /dev/null 2>&1 < /dev/null & echo $!'";

const TYPES = {
  command: 'isolation: "process", command: ["node", "job.mjs"], maxAttempts: 2, retry: { baseSeconds: 0, maxSeconds: 0 }',
  buffers: "maxAttempts: 1, leaseSeconds: 3",
  daemon: 'isolation: "process", command: ["sh", "daemon.sh"], maxAttempts: 1',
} as const;

let folder: string;
let platform: Platform;
let api: ApiClient;
const reports: string[] = [];

async function bundle(name: keyof typeof TYPES, outdir: string): Promise<void> {
  await cp("dist/worker", outdir, { recursive: true });
  const settings = `name: "${name}", description: "A test", input: z.strictObject({}), timeoutSeconds: 60, ${TYPES[name]}`;
  const jobType = `import { defineJobType } from "@autoscaling-job-queues/domain/job-type"; import * as z from "zod";
    export const jobType = defineJobType({ ${settings} }); export default jobType;`;
  const job = `import { defineJob } from "@autoscaling-job-queues/worker/define-job"; import { jobType } from "./job-type.mjs";
    export default defineJob(jobType, async () => { ${HOLD} });`;
  const options = { ...NODE_BUNDLE, external: ["./job-type.mjs"] };
  const write = (contents: string, outfile: string) =>
    build({ ...options, stdin: { contents, resolveDir: process.cwd() }, outfile: path.join(outdir, outfile) });
  await write(jobType, "job-type.mjs");
  await write(job, "job.mjs");
  await mkdir(path.join(outdir, "bin"));
  await writeFile(path.join(outdir, "bin/job.mjs"), HOLD);
  await writeFile(path.join(outdir, "bin/daemon.sh"), DAEMON);
}

beforeAll(async () => {
  // Within the checkout, whose packages the workers load.
  await mkdir(".local", { recursive: true });
  folder = await mkdtemp(path.join(".local", "memory-"));
  const bundles = path.join(folder, "dist");
  await cp("dist/handlers", path.join(bundles, "handlers"), { recursive: true });
  for (const name of Object.keys(TYPES) as (keyof typeof TYPES)[]) await bundle(name, path.join(bundles, "workers", name));
  const report = (line: string) => reports.push(line);
  platform = await startPlatform({ speed: 60, events: false, bundles, runs: path.join(folder, "runs"), report, variables: {} });
  api = new ApiClient(platform.api, {});
});

afterAll(async () => {
  await platform.stop();
  await rm(folder, { recursive: true });
});

/** Adds a job of the type, and gives it as it is once it has ended. */
async function ended(type: string) {
  const { body } = await api.addJob({ type, input: {} });
  const endedJob = async () => {
    const job = await api.job(body.id);
    expect(["FAILED", "SUCCEEDED"]).toContain(job.status);
    return job;
  };
  return await vi.waitFor(endedJob, { timeout: 85_000, interval: 100 });
}

describe("a job that uses more memory than its container has", () => {
  it("as a command ends like one that the kernel ended, and its worker goes on", async () => {
    const job = await ended("command");
    expect(job).toMatchObject({ status: "FAILED", attempt: 2, error: { code: "CommandFailed" } });
    expect(job.error?.message).toContain("SIGKILL, as when the container is out of memory (container.memoryMiB)");
    const told = reports.filter((line) => line.includes(" command-"));
    expect(told).toEqual([expect.stringContaining("its container has 512"), expect.stringContaining("job type command")]);
  });

  it("as a handler takes its worker with it", async () => {
    const job = await ended("buffers");
    expect(job).toMatchObject({ status: "FAILED", attempt: 1, error: { code: "WorkerLost" } });
    const told = await eventually(() => {
      const lines = reports.filter((line) => line.includes(" buffers-"));
      expect(lines.length).toBeGreaterThanOrEqual(2);
      return lines;
    });
    expect(told[0]).toContain("its container has 512");
    expect(told[1]).toContain("ended by itself with SIGKILL");
  });
});

describe("what a command left behind", () => {
  it("ends with it where the platform can make control groups, though nothing tells whose it is", async () => {
    const group = makeControlGroup("probe");
    await group?.remove();
    const { status, result } = await ended("daemon");
    const daemon = Number(result);
    expect(status).toBe("SUCCEEDED");
    expect(daemon).toBeGreaterThan(1);
    expect(isRunning(daemon)).toBe(group === undefined);
    if (group === undefined) process.kill(daemon, "SIGKILL");
  });
});
