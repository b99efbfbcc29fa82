import { cp, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ApiClient } from "../../local/api-client.ts";
import { JobBoard } from "../../local/job-board.ts";
import { startPlatform } from "../../local/platform.ts";
import type { Platform } from "../../local/platform-types.ts";

/** The whole platform, with the bundles that ship. */

let folder: string;
let platform: Platform;
let api: ApiClient;
const board = new JobBoard();
const reports: string[] = [];

beforeAll(async () => {
  // Within the checkout, whose packages the workers load.
  await mkdir(".local", { recursive: true });
  folder = await mkdtemp(path.join(".local", "platform-"));
  const bundles = path.join(folder, "dist");
  await Promise.all(
    ["handlers", "workers"].map((name) => cp(path.join("dist", name), path.join(bundles, name), { recursive: true })),
  );
  const runs = path.join(folder, "runs");
  const report = (line: string) => reports.push(line);
  platform = await startPlatform({ jobTypes: ["canary"], speed: 120, bundles, runs, report, variables: {} });
  // As another build does, while this platform runs.
  await rm(bundles, { recursive: true });
  platform.events?.onEvent((event) => board.apply(event));
  api = new ApiClient(platform.api, {});
});

afterAll(async () => {
  await platform.stop();
  await rm(folder, { recursive: true });
});

describe("the platform", () => {
  it("starts a worker for the first job, runs it, tells its subscriber of each version, and goes back to no worker", async () => {
    const timeout = AbortSignal.timeout(45_000);
    expect(platform.fleet.counts.total()).toBe(0);
    const { status, body } = await api.addJob({ type: "canary", input: { op: "echo", value: "hello" } });
    expect([status, platform.fleet.service("canary")?.desiredCount]).toEqual([202, 1]);

    const gone = new Promise<void>((resolve) => {
      platform.fleet.counts.onChange((_, running) => running === 0 && resolve());
    });
    expect(await board.until(() => board.ended() === 1, timeout)).toBe(true);
    expect(await api.job(body.id)).toMatchObject({ status: "SUCCEEDED", attempt: 1, result: { value: "hello" } });
    expect(await board.until(() => board.missingVersions(body.id, 3).length === 0, timeout)).toBe(true);
    await gone;
    expect(platform.fleet.service("canary")).toEqual({ desiredCount: 0, runningCount: 0, pendingCount: 0 });
    expect(reports).toEqual([]);
  });

  it("closes the job of a dead-lettered message", async () => {
    const { body } = await api.addJob({ type: "canary", input: { op: "echo", value: "late" }, delaySeconds: 3_600 });
    const QueueUrl = platform.resources.queues.get("canary")!.deadLetters.url;
    await platform.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body.id }));
    expect(await board.until(() => board.job(body.id)?.status === "FAILED", AbortSignal.timeout(45_000))).toBe(true);
  });

  it("counts what the API and the workers ask of AWS", async () => {
    expect(await platform.emulators?.requestCounts()).toMatchObject({ "dynamodb.PutItem": 2, "sqs.SendMessageBatch": 1 });
  });

  it("keeps a log of the Lambdas and of each worker", async () => {
    expect((await readdir(platform.logs)).sort()).toEqual([
      expect.stringMatching(/^canary-[0-9a-f]{8}\.log$/),
      "emulators.log",
      "lambdas.log",
    ]);
  });

  it("needs the job types to be built", async () => {
    await expect(startPlatform({ jobTypes: ["unbuilt"], report: () => undefined })).rejects.toThrow(
      "dist/workers/unbuilt is missing; run npm run build",
    );
  });
});
